package dev.headgate.tck.lab;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.error.ProxyError;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A call of a plugin that the engine made.
 *
 * @param number its place in the order of all calls, from 0
 * @param plugin the plugin's id
 * @param hook the method's name, such as {@code onRequest} or {@code onInstall}
 * @param exchange the exchange's request id; empty outside exchanges
 * @param thread the thread
 * @param bytes a copy of the chunk's bytes; none for other hooks
 * @param last whether the chunk was the last one
 * @param summary what an end told; null for other hooks
 * @param error what {@code onError} told; null for other hooks
 */
@SuppressWarnings("ArrayRecordComponent")
public record HookCall(
    int number,
    String plugin,
    String hook,
    String exchange,
    Thread thread,
    byte[] bytes,
    boolean last,
    @Nullable ExchangeSummary summary,
    @Nullable ProxyError error) {
  /**
   * Returns plugin and hook.
   *
   * @return such as {@code a.onRequest}
   */
  public String name() {
    return plugin + "." + hook;
  }

  /**
   * Returns the chunk's bytes as text.
   *
   * @return UTF-8 text
   */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Returns what an end told.
   *
   * @return the summary
   * @throws AssertionError if the hook is no end
   */
  public ExchangeSummary end() {
    if (summary == null) throw new AssertionError(name() + " is not the end of an exchange");
    return summary;
  }

  /**
   * Returns what {@code onError} told.
   *
   * @return the error
   * @throws AssertionError if the hook is not {@code onError}
   */
  public ProxyError fault() {
    if (error == null) throw new AssertionError(name() + " tells no error");
    return error;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(name());
    if (hook.endsWith("Chunk")) out.append('(').append(bytes.length).append(last ? ", last)" : ")");
    if (summary != null) out.append('(').append(summary.outcome()).append(')');
    if (error != null) out.append('(').append(error.code().id()).append(')');
    return out.toString();
  }
}
