package dev.headgate.tck.lab.memory;

import dev.headgate.api.http.Headers;
import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.Dialogue;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.TunnelEnd;
import dev.headgate.tck.memory.MemoryEngine;
import dev.headgate.tck.memory.OriginExchange;
import org.opentest4j.TestAbortedException;

/** A request over an {@link OriginExchange}. */
final class MemoryOriginRequest extends Dialogue<MemoryReader, MemoryWriter>
    implements OriginRequest {
  private final OriginExchange exchange;
  private final String who;
  private final EventLog log;
  private boolean bodyless;

  MemoryOriginRequest(MemoryEngine engine, OriginExchange exchange, String who, EventLog log) {
    super(
        new MemoryReader(engine, exchange.body(), who),
        new MemoryWriter(engine, exchange.response(), who));
    this.exchange = exchange;
    this.who = who;
    this.log = log;
  }

  @Override
  public String method() {
    return exchange.method();
  }

  @Override
  public String target() {
    return exchange.target();
  }

  @Override
  public Headers headers() {
    return exchange.headers();
  }

  @Override
  public void interim(int status, String... headers) {
    log.add(who, "sends interim " + status);
    exchange.interim(status, headers);
  }

  @Override
  public void head(int status, String... headers) {
    log.add(who, "sends head " + status);
    bodyless = method().equals("HEAD") || status == 204 || status == 304;
    exchange.respond(status, headers);
  }

  @Override
  public void respond(int status, String text, String... headers) {
    if (ending() != Ending.CLEAN) {
      throw new BrokenConnectionError(who, "read the request", exchange.body().failure());
    }
    log.add(who, "answers " + status);
    exchange.answer(status, text, headers);
    exchange.response().awaitSent();
  }

  @Override
  public TunnelEnd switchProtocols(String early, String... fields) {
    throw new TestAbortedException("not supported: tunnels");
  }

  @Override
  public void reset() {
    log.add(who, "resets");
    exchange.abort();
  }

  @Override
  public void closeEarly() {
    log.add(who, "closes early");
    exchange.abort();
  }

  @Override
  public void awaitAborted() {
    exchange.body().resume();
    exchange.awaitAborted();
  }

  @Override
  public void end(String... trailers) {
    if (!bodyless) writer().end(trailers);
  }
}
