package dev.headgate.core.coding;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The codings that this process knows. Immutable and thread-safe; usually one for all proxies:
 * {@link #installed()}.
 *
 * <p>Names are compared without regard to case. {@code identity} is known and means nothing to do.
 */
public final class ContentCodings {
  /** More codings than this over one body are not decoded: no one means it well. */
  private static final int MOST = 4;

  private static final String IDENTITY = "identity";

  private static final class Installed {
    static final ContentCodings CODINGS = CodingLoader.load();
  }

  private final Map<String, ContentCoding> byName;

  private ContentCodings(Map<String, ContentCoding> byName) {
    this.byName = byName;
  }

  /**
   * Returns gzip and deflate together with what {@code ServiceLoader} found when this was first
   * called. A coding that can't be used here is left out, and logged once at info.
   *
   * @return the codings, the same on each call
   */
  public static ContentCodings installed() {
    return Installed.CODINGS;
  }

  /**
   * Returns gzip and deflate only.
   *
   * @return the codings
   */
  public static ContentCodings builtIn() {
    return of(List.of(new GzipCoding(), new DeflateCoding()));
  }

  /**
   * Makes a registry of given codings, whether or not they are {@linkplain
   * ContentCoding#unavailable() available}.
   *
   * @param codings the codings; of two with the same name the first counts
   * @return the codings
   */
  public static ContentCodings of(Collection<? extends ContentCoding> codings) {
    Map<String, ContentCoding> byName = new LinkedHashMap<>();
    for (ContentCoding coding : codings) {
      byName.putIfAbsent(coding.name(), coding);
      for (String alias : coding.aliases()) {
        byName.putIfAbsent(alias, coding);
      }
    }
    return new ContentCodings(byName);
  }

  /**
   * Returns the names of all codings, aliases included.
   *
   * @return the names, in lower case
   */
  public Set<String> names() {
    return Set.copyOf(byName.keySet());
  }

  /**
   * Finds the codings of a body.
   *
   * @param contentEncoding the value of {@code Content-Encoding}, several lines joined by commas;
   *     null when there is no such field
   * @return the codings; empty when one of them is unknown, so that the body can't be decoded
   */
  public Optional<CodingChain> find(@Nullable String contentEncoding) {
    List<ContentCoding> found = new ArrayList<>();
    for (String name : members(contentEncoding)) {
      ContentCoding coding = byName.get(name);
      if (coding == null || found.size() == MOST) {
        return Optional.empty();
      }
      found.add(coding);
    }
    return Optional.of(new CodingChain(found));
  }

  /**
   * Returns whether a client accepts a body with certain codings (RFC 9110 §12.5.3).
   *
   * @param acceptEncoding the value of {@code Accept-Encoding}, several lines joined by commas;
   *     null when there is no such field, which accepts every coding. A malformed weight counts as
   *     zero
   * @param contentEncoding one coding or a list of them, as in {@code Content-Encoding}; need not
   *     be known here; {@code identity} or the empty text stand for none
   * @return whether all of them are acceptable
   */
  public boolean acceptable(@Nullable String acceptEncoding, String contentEncoding) {
    List<String> members = members(contentEncoding);
    if (members.isEmpty()) {
      return AcceptEncoding.accepts(acceptEncoding, IDENTITY, this::canonical);
    }
    for (String name : members) {
      if (!AcceptEncoding.accepts(acceptEncoding, canonical(name), this::canonical)) {
        return false;
      }
    }
    return true;
  }

  private String canonical(String name) {
    ContentCoding coding = byName.get(name);
    return coding == null ? name : coding.name();
  }

  private static List<String> members(@Nullable String value) {
    List<String> members = new ArrayList<>();
    if (value != null) {
      for (String member : value.split(",", -1)) {
        String name = member.strip().toLowerCase(Locale.ROOT);
        if (!name.isEmpty() && !name.equals(IDENTITY)) {
          members.add(name);
        }
      }
    }
    return members;
  }
}
