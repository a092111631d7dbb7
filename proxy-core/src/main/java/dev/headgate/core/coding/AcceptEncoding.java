package dev.headgate.core.coding;

import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Accept-Encoding} (RFC 9110 §12.5.3), without allocating more than the pieces of the
 * text.
 */
final class AcceptEncoding {
  private static final String IDENTITY = "identity";
  private static final Pattern POSITIVE =
      Pattern.compile("[qQ]=(1(\\.0{0,3})?|0\\.(?!0*$)[0-9]{1,3})");

  private AcceptEncoding() {}

  /**
   * Returns whether a coding is acceptable.
   *
   * @param field the field's value; null when there is no such field, which accepts all
   * @param coding the canonical name
   * @param canonical gives the canonical of a name
   */
  static boolean accepts(@Nullable String field, String coding, UnaryOperator<String> canonical) {
    if (field == null) {
      return true;
    }
    @Nullable Boolean any = null;
    for (int from = 0; from <= field.length(); ) {
      int comma = field.indexOf(',', from);
      int to = comma < 0 ? field.length() : comma;
      String member = field.substring(from, to);
      from = to + 1;
      int semicolon = member.indexOf(';');
      String name = (semicolon < 0 ? member : member.substring(0, semicolon)).strip();
      if (name.equals("*")) {
        any = isPositive(member, semicolon);
      } else if (canonical.apply(name.toLowerCase(Locale.ROOT)).equals(coding)) {
        return isPositive(member, semicolon);
      }
    }
    return any == null ? coding.equals(IDENTITY) : any;
  }

  /** Returns whether the weight is above zero; one that is malformed counts as zero. */
  private static boolean isPositive(String member, int semicolon) {
    return semicolon < 0 || POSITIVE.matcher(member.substring(semicolon + 1).strip()).matches();
  }
}
