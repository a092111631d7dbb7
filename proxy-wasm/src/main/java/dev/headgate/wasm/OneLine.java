package dev.headgate.wasm;

/** Text of a guest's as one line of a log, so that no guest can make lines of others. */
final class OneLine {
  private OneLine() {}

  static String of(String text) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
      if (control && escaped == null) escaped = new StringBuilder(text.substring(0, i));
      if (escaped == null) continue;
      if (control) {
        escaped.append(String.format("\\u%04x", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped == null ? text : escaped.toString();
  }
}
