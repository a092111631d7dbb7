package dev.headgate.tck.broken;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends whose bodies misbehave as they are read. */
final class BodyMutants {
  private BodyMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        response("reads responses without demand", "S-04", "bytes unread, over", ReadAhead::new),
        request("reads requests without demand", "S-05", "bytes unread, over", ReadAhead::new),
        response("ends cleanly what broke", "E-04", "was: <CLEAN>", Optimistic::new),
        response("goes on with an aborted response", "P-20", Mutant.IN_VAIN, Stubborn::new)
            .hanging(),
        response("does not tell the length", "S-17", "but was: <null>", Lengthless::new),
        request("drops a request's trailers", "S-19", "there are no trailers", NoTrailers::new),
        request("takes chunks back that were retained", "P-73", "released", Impatient::new));
  }

  private static Mutant request(
      String what, String rule, String telling, UnaryOperator<BodySource> around) {
    return Mutant.backend(what, rule, telling, Breaches.requestBody(around));
  }

  private static Mutant response(
      String what, String rule, String telling, UnaryOperator<BodySource> around) {
    return Mutant.backend(what, rule, telling, Breaches.responseBody(around));
  }

  /** Takes a failure for the end. */
  static final class Optimistic extends ForwardingBody {
    Optimistic(BodySource body) {
      super(body);
    }

    @Override
    public @Nullable Content read() {
      Content next = super.read();
      return next == null || next.failure() == null ? next : HeapContent.end();
    }
  }

  private static final class Stubborn extends ForwardingBody {
    Stubborn(BodySource body) {
      super(body);
    }

    @Override
    public void abort(Throwable reason) {}
  }

  private static final class Lengthless extends ForwardingBody {
    Lengthless(BodySource body) {
      super(body);
    }

    @Override
    public long length() {
      return -1;
    }
  }

  private static final class NoTrailers extends ForwardingBody {
    NoTrailers(BodySource body) {
      super(body);
    }

    @Override
    public @Nullable HeaderList trailers() {
      return null;
    }
  }

  private static final class Impatient extends ForwardingBody {
    Impatient(BodySource body) {
      super(body);
    }

    @Override
    public @Nullable Content read() {
      Content next = super.read();
      return next == null || next.failure() != null ? next : new NotRetained(next);
    }
  }

  /** Is given back at the first release, whoever retained it. */
  private record NotRetained(Content content) implements Content {
    @Override
    public ByteBuffer buffer() {
      return content.buffer();
    }

    @Override
    public ByteBuffer bytes() {
      return content.bytes();
    }

    @Override
    public int size() {
      return content.size();
    }

    @Override
    public boolean last() {
      return content.last();
    }

    @Override
    public void retain() {}

    @Override
    public void release() {
      content.release();
    }
  }
}
