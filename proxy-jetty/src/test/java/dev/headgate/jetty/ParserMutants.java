package dev.headgate.jetty;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import dev.headgate.tck.broken.Breaches;
import dev.headgate.tck.broken.ForwardingEngine;
import dev.headgate.tck.broken.Mutant;
import java.io.IOException;
import java.util.stream.Stream;

/** Backends that call what their parser refuses something else. */
final class ParserMutants {
  private ParserMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        BrokenSockets.backend(
            "takes a bad request for a failure of its own",
            "H-19",
            "<bad_request> but was: <internal",
            Breaches.engine(Contrite::new)));
  }

  private static final class Contrite extends ForwardingEngine {
    Contrite(Engine engine) {
      super(engine);
    }

    @Override
    public Listener listen(ListenOptions options, InboundHandler handler) throws IOException {
      return super.listen(
          options,
          new InboundHandler() {
            @Override
            public void handle(InboundExchange exchange) {
              handler.handle(exchange);
            }

            @Override
            public DirectResponse reject(ErrorCode code, String detail) {
              return handler.reject(ErrorCode.INTERNAL, detail);
            }
          });
    }
  }
}
