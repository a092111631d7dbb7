package dev.headgate.tck.lab.memory;

import dev.headgate.api.http.Headers;
import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.Head;
import dev.headgate.tck.lab.TunnelEnd;
import dev.headgate.tck.memory.BodyEnding;
import dev.headgate.tck.memory.MemoryCall;
import dev.headgate.tck.memory.MemoryEngine;
import dev.headgate.tck.memory.MemoryHead;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** An exchange over a {@link MemoryCall}. */
final class MemoryTestExchange implements ClientExchange {
  private static final String WHO = "client";

  private final MemoryCall call;
  private final MemoryReader reader;
  private final @Nullable MemoryWriter writer;
  private final EventLog log;
  private int interims;

  MemoryTestExchange(MemoryEngine engine, MemoryCall call, boolean hasBody, EventLog log) {
    this.call = call;
    this.log = log;
    this.reader = new MemoryReader(engine, call.response(), WHO);
    this.writer = hasBody ? new MemoryWriter(engine, call.body(), WHO) : null;
  }

  @Override
  public Head response() {
    call.response().allowHeads();
    try {
      return seen(call.awaitHead());
    } catch (AssertionError e) {
      if (call.response().ending() != BodyEnding.UNCLEAN) throw e;
      throw new BrokenConnectionError(WHO, "read a response's head", call.response().failure());
    }
  }

  @Override
  public Head awaitInterim() {
    call.response().allowHeads();
    return seen(call.awaitInterim(++interims));
  }

  @Override
  public List<Head> interims() {
    return call.interims().stream().map(MemoryTestExchange::head).toList();
  }

  private Head seen(MemoryHead head) {
    log.add(WHO, "head " + head.status());
    return head(head);
  }

  private static Head head(MemoryHead head) {
    return new Head(head.status(), head.headers());
  }

  @Override
  public byte[] read(int bytes) {
    return reader.read(bytes);
  }

  @Override
  public byte[] readSome() {
    return reader.readSome();
  }

  @Override
  public byte[] readAll() {
    return reader.readAll();
  }

  @Override
  public long drain() {
    return reader.drain();
  }

  @Override
  public Ending ending() {
    return reader.ending();
  }

  @Override
  public @Nullable Headers trailers() {
    return reader.trailers();
  }

  @Override
  public void send(byte[] bytes) {
    writer().send(bytes);
  }

  @Override
  public long sendUntilStalled(long maxBytes) {
    return writer().sendUntilStalled(maxBytes);
  }

  @Override
  public void end(String... trailers) {
    writer().end(trailers);
  }

  private MemoryWriter writer() {
    if (writer == null) throw new IllegalStateException("the request has no body");
    return writer;
  }

  @Override
  public TunnelEnd tunnel() {
    throw new TestAbortedException("not supported: tunnels");
  }

  @Override
  public void vanish() {
    log.add(WHO, "vanishes");
    call.abort();
  }
}
