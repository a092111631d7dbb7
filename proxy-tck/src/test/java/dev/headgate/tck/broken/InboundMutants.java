package dev.headgate.tck.broken;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.http.HeaderField;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends whose listener misbehaves towards the client or the core. */
final class InboundMutants {
  private InboundMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        mutant("never tells that the client has gone", "S-08", Mutant.IN_VAIN, Deaf::new).hanging(),
        mutant("tells of a gone client at the next write", "S-09", Mutant.IN_VAIN, Late::new)
            .hanging(),
        mutant("takes a client's abort for its body's end", "S-14", "was: <CLEAN>", Naive::new)
            .hanging(),
        mutant("ends a response cleanly that was aborted", "S-13", "was: <CLEAN>", Polite::new),
        mutant("does not break off what is aborted", "P-36", Mutant.IN_VAIN, Stubborn::new)
            .hanging(),
        mutant("swallows interim responses", "H-10", Mutant.IN_VAIN, NoInterims::new).hanging(),
        mutant("drops the second Set-Cookie", "H-16", "but was: <[a=1]>", OneCookie::new),
        mutant("joins repeated fields", "H-16", "but was: <[1,2]>", Joining::new),
        mutant("adds a Server field", "H-08", "but was: <[Mine/2, Boast/1]>", Boasting::new),
        mutant("loses the query", "H-06", "expected: </?>", NoQuery::new),
        mutant("sends a body to HEAD", "H-09", "where there can be none", Chatty::new).hanging(),
        mutant("names another client", "H-32", "expected:", Mistaken::new),
        mutant("loses Location", "H-33", "was: <null>", Lost::new),
        mutant("sends 100 at once", "H-11", "but was: <[Head[status=100", Eager::new));
  }

  private static Mutant mutant(
      String what, String rule, String telling, UnaryOperator<InboundExchange> around) {
    return Mutant.backend(what, rule, telling, Breaches.inbound(around));
  }

  private static final class Deaf extends ForwardingInbound {
    Deaf(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void onClientGone(Consumer<Throwable> gone) {
      super.onClientGone(reason -> {});
    }
  }

  private static final class Mistaken extends ForwardingInbound {
    private static final ClientInfo OTHER =
        new ClientInfo(InetSocketAddress.createUnresolved("someone", 1), null);

    Mistaken(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public ClientInfo client() {
      return OTHER;
    }
  }

  private static final class Lost extends ForwardingInbound {
    Lost(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      headers.drop("Location");
      super.respond(status, headers, first, last, done);
    }
  }

  private static final class Late extends ForwardingInbound {
    private volatile @Nullable Throwable reason;
    private volatile @Nullable Consumer<Throwable> told;

    Late(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void onClientGone(Consumer<Throwable> gone) {
      told = gone;
      super.onClientGone(why -> reason = why);
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      super.write(content, last, trailers, done);
      Throwable why = reason;
      Consumer<Throwable> gone = told;
      if (why != null && gone != null) gone.accept(why);
    }
  }

  private static final class Naive extends ForwardingInbound {
    Naive(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public @Nullable BodySource body() {
      BodySource body = super.body();
      return body == null ? null : new BodyMutants.Optimistic(body);
    }

    @Override
    public void onClientGone(Consumer<Throwable> gone) {
      super.onClientGone(reason -> {});
    }
  }

  static final class Polite extends ForwardingInbound {
    private volatile boolean open;

    Polite(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      open = !last && !headers.contains("Content-Length");
      super.respond(status, headers, first, last, done);
    }

    @Override
    public void abort(Throwable reason) {
      if (open) {
        super.write(HeapContent.end(), true, null, Quiet.COMPLETION);
      } else {
        super.abort(reason);
      }
      open = false;
    }
  }

  private static final class Stubborn extends ForwardingInbound {
    Stubborn(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void abort(Throwable reason) {}
  }

  private static final class NoInterims extends ForwardingInbound {
    NoInterims(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void interim(int status, HeaderList headers, Completion done) {
      done.succeeded();
    }
  }

  private static final class OneCookie extends ForwardingInbound {
    OneCookie(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      List<String> cookies = headers.all("Set-Cookie");
      if (cookies.size() > 1) headers.replace("Set-Cookie", cookies.get(0));
      super.respond(status, headers, first, last, done);
    }
  }

  private static final class Joining extends ForwardingInbound {
    Joining(InboundExchange exchange) {
      super(exchange);
      HeaderList headers = exchange.headers();
      for (HeaderField field : List.copyOf(headers.fields())) {
        headers.replace(field.name(), String.join(",", headers.all(field.name())));
      }
    }
  }

  private static final class Boasting extends ForwardingInbound {
    Boasting(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      headers.append("Server", "Boast/1");
      super.respond(status, headers, first, last, done);
    }
  }

  private static final class NoQuery extends ForwardingInbound {
    NoQuery(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public String target() {
      String target = super.target();
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }
  }

  private static final class Chatty extends ForwardingInbound {
    Chatty(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      if (method().equals("HEAD")) {
        ByteBuffer body = StandardCharsets.UTF_8.encode("body");
        super.respond(status, headers, HeapContent.of(body, true), true, done);
      } else {
        super.respond(status, headers, first, last, done);
      }
    }
  }

  private static final class Eager extends ForwardingInbound {
    private final @Nullable BodySource body;

    Eager(InboundExchange exchange) {
      super(exchange);
      BodySource real = exchange.body();
      body = real == null ? null : new ReadAhead(real);
    }

    @Override
    public @Nullable BodySource body() {
      return body;
    }
  }
}
