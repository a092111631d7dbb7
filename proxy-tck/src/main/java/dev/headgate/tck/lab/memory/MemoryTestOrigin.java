package dev.headgate.tck.lab.memory;

import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Scripts;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TunnelEnd;
import dev.headgate.tck.memory.MemoryEngine;
import dev.headgate.tck.memory.MemoryOrigin;
import dev.headgate.tck.memory.OriginExchange;
import java.util.function.Consumer;
import org.opentest4j.TestAbortedException;

/** An upstream over a {@link MemoryOrigin}. */
final class MemoryTestOrigin implements TestOrigin {
  private final MemoryEngine engine;
  private final MemoryOrigin origin;
  private final String authority;
  private final Scripts scripts;
  private final EventLog log;

  MemoryTestOrigin(
      MemoryEngine engine, MemoryOrigin origin, String authority, Scripts scripts, EventLog log) {
    this.engine = engine;
    this.origin = origin.pausingBodies();
    this.authority = authority;
    this.scripts = scripts;
    this.log = log;
  }

  @Override
  public String url() {
    return "http://" + authority;
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public OriginRequest accept() {
    return wrap(origin.take());
  }

  @Override
  public TestOrigin answering(Consumer<? super OriginRequest> script) {
    origin.script(exchange -> scripts.run(script, wrap(exchange)));
    return this;
  }

  private OriginRequest wrap(OriginExchange exchange) {
    log.add(authority, "receives " + exchange.method() + " " + exchange.target());
    return new MemoryOriginRequest(engine, exchange, authority, log);
  }

  @Override
  public TestOrigin tunnelled() {
    throw new TestAbortedException("not supported: tunnels");
  }

  @Override
  public TunnelEnd acceptTunnel() {
    throw new TestAbortedException("not supported: tunnels");
  }

  @Override
  public int requests() {
    return origin.requests();
  }
}
