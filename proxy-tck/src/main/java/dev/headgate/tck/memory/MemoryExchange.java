package dev.headgate.tck.memory;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One exchange as the core sees it: the server's end of a {@link MemoryCall}. */
final class MemoryExchange implements InboundExchange, PipeSource.Owner {
  private final MemoryEngine engine;
  private final String who;
  private final MemoryCall call;
  private final HeaderList headers;
  private final @Nullable PipeSource body;
  private final Pipe toClient;
  private final ResponseWriter writer;
  private boolean awaitsContinue;
  private boolean over;
  private @Nullable Throwable gone;
  private @Nullable Consumer<Throwable> onGone;

  MemoryExchange(MemoryEngine engine, MemoryCall call, @Nullable Pipe fromClient, Pipe toClient) {
    this.engine = engine;
    this.call = call;
    this.who = "exchange of " + call.who();
    this.headers = call.request().headers().copy();
    this.toClient = toClient;
    this.writer =
        new ResponseWriter(engine, who, method(), version(), toClient, () -> finished(true));
    this.awaitsContinue = call.awaitsContinue();
    long length = Heads.contentLength(headers);
    this.body =
        fromClient == null
            ? null
            : new PipeSource(engine, who + " request body", fromClient, length, this);
  }

  /** The first read or demand sends 100 (Continue). */
  @Override
  public void used() {
    if (!awaitsContinue || writer.responded() || over) return;
    awaitsContinue = false;
    toClient.write(new Wire.Head(100, new HeaderList()));
  }

  @Override
  public void ended() {}

  @Override
  public void aborted(Throwable reason) {}

  @Override
  public String method() {
    return call.request().method();
  }

  @Override
  public String target() {
    return call.request().target();
  }

  @Override
  public HttpVersion version() {
    return call.request().version();
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public HeaderList headers() {
    return headers;
  }

  @Override
  public ClientInfo client() {
    return new ClientInfo(call.connection().address(), null);
  }

  @Override
  public @Nullable BodySource body() {
    return body;
  }

  @Override
  public void onClientGone(Consumer<Throwable> handler) {
    engine
        .loop()
        .locked(
            () -> {
              if (onGone != null) engine.violation(who + ": onClientGone() twice");
              onGone = handler;
              if (gone != null) tellGone(gone);
            });
  }

  @Override
  public void interim(int status, HeaderList fields, Completion done) {
    writer.interim(status, fields, done);
  }

  @Override
  public void respond(
      int status, HeaderList fields, @Nullable Content first, boolean last, Completion done) {
    writer.respond(status, fields, first, last, done);
  }

  @Override
  public void write(Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
    writer.write(content, last, trailers, done);
  }

  @Override
  public void abort(Throwable reason) {
    engine
        .loop()
        .locked(
            () -> {
              if (over) return;
              engine.record(who, "aborted by the core");
              writer.cut(reason);
              finished(false);
            });
  }

  /** The client, or its connection, went away. With the lock held. */
  void clientGone(Throwable reason) {
    if (over) return;
    gone = reason;
    if (onGone != null) tellGone(reason);
    writer.cut(reason);
    finished(false);
  }

  private void tellGone(Throwable reason) {
    Consumer<Throwable> handler = onGone;
    if (handler == null) return;
    engine
        .loop()
        .enqueue(
            () ->
                engine
                    .loop()
                    .call(who + ": onClientGone's callback", () -> handler.accept(reason)));
  }

  private void finished(boolean cleanly) {
    if (over) return;
    over = true;
    boolean unread = body != null && !body.ended();
    if (body != null) {
      body.fail(gone != null ? gone : new CancellationException("the exchange is over"));
    }
    engine.exchangeOver(this);
    call.answered(cleanly, unread, awaitsContinue);
  }

  /** What it is, for the report of a leak. */
  @Override
  public String toString() {
    return who + " (" + method() + " " + target() + ")";
  }
}
