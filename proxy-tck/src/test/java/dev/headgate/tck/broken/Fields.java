package dev.headgate.tck.broken;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.UpstreamRequest;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Ways to lose fields of heads, or to make them up. */
final class Fields {
  private Fields() {}

  /** Keeps a field of requests from the core. */
  static UnaryOperator<InboundExchange> hidden(String name) {
    return exchange -> {
      exchange.headers().drop(name);
      return exchange;
    };
  }

  /** Shows the core another value of a field, where the request has that field. */
  static UnaryOperator<InboundExchange> changed(String name, UnaryOperator<String> change) {
    return exchange -> {
      String value = exchange.headers().get(name);
      if (value != null) exchange.headers().replace(name, change.apply(value));
      return exchange;
    };
  }

  /** Loses a field of final responses on their way to the client. */
  static UnaryOperator<InboundExchange> lost(String name) {
    return exchange ->
        new ForwardingInbound(exchange) {
          @Override
          public void respond(
              int status,
              HeaderList headers,
              @Nullable Content first,
              boolean last,
              Completion done) {
            headers.drop(name);
            super.respond(status, headers, first, last, done);
          }
        };
  }

  /** Makes up a field of requests to upstreams. */
  static UnaryOperator<UpstreamRequest> added(String name, String value) {
    return request -> {
      request.headers().append(name, value);
      return request;
    };
  }
}
