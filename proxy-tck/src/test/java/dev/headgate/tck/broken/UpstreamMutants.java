package dev.headgate.tck.broken;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends whose client for upstreams misbehaves. */
final class UpstreamMutants {
  private UpstreamMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        Mutant.backend(
                "goes on with an aborted request",
                "S-08",
                Mutant.IN_VAIN,
                Breaches.upstream(UpstreamMutants::stubborn))
            .hanging(),
        Mutant.backend(
            "sends again what may have been served",
            "E-03",
            "expected: <1> but was: <2>",
            Breaches.upstream(UpstreamMutants::retrying)),
        Mutant.backend(
                "holds a response until the request is sent",
                "S-15",
                Mutant.IN_VAIN,
                Breaches.upstreamListener(Serial::new))
            .hanging(),
        Mutant.backend(
            "calls a refusal an abort",
            "E-01",
            "connect_failed",
            Breaches.upstreamListener(Vague::new)),
        Mutant.backend(
            "tells a response twice",
            "P-61",
            "onResponseHeaders",
            Breaches.upstreamListener(Repeating::new)),
        request("adds a User-Agent", "H-08", "User-Agent", UpstreamMutants::withAgent),
        request("decodes the query", "H-06", "%zz", UpstreamMutants::withDecodedQuery),
        request(
            "puts a Host of its own",
            "H-05",
            "but was: <[origin1.test:8081]>",
            UpstreamMutants::withOwnHost),
        request("does not wait for 100", "H-11", "100", UpstreamMutants::withoutWaiting));
  }

  private static Mutant request(
      String what, String rule, String telling, UnaryOperator<UpstreamRequest> change) {
    return Mutant.backend(what, rule, telling, Breaches.upstreamRequest(change));
  }

  private static UpstreamClient stubborn(UpstreamClient client) {
    return (request, listener) -> {
      client.send(request, listener);
      return reason -> {};
    };
  }

  private static UpstreamClient retrying(UpstreamClient client) {
    return (request, listener) -> {
      UpstreamRequest again =
          with(request, request.headers().copy(), request.pathAndQuery(), false);
      return client.send(
          request,
          new ForwardingUpstreamListener(listener) {
            @Override
            public void onFailure(UpstreamFault fault) {
              client.send(
                  again,
                  new ForwardingUpstreamListener(listener) {
                    @Override
                    public void onFailure(UpstreamFault other) {}
                  });
              super.onFailure(fault);
            }
          });
    };
  }

  private static UpstreamRequest withAgent(UpstreamRequest request) {
    if (!request.headers().contains("User-Agent")) request.headers().append("User-Agent", "Own/1");
    return request;
  }

  private static UpstreamRequest withDecodedQuery(UpstreamRequest request) {
    String target = request.pathAndQuery().replace("%2e", ".").replace("%41", "A");
    return with(request, request.headers(), target, request.expectContinue());
  }

  private static UpstreamRequest withOwnHost(UpstreamRequest request) {
    request.headers().replace("Host", request.target().address().toString());
    return request;
  }

  private static UpstreamRequest withoutWaiting(UpstreamRequest request) {
    return with(request, request.headers(), request.pathAndQuery(), false);
  }

  private static UpstreamRequest with(
      UpstreamRequest request, HeaderList headers, String target, boolean expectContinue) {
    return new UpstreamRequest(
        request.destination(),
        request.method(),
        target,
        headers,
        request.body(),
        expectContinue,
        request.connectTimeoutNanos(),
        request.tlsTimeoutNanos());
  }

  private static final class Serial extends ForwardingUpstreamListener {
    private @Nullable Runnable held;
    private boolean sent;

    Serial(UpstreamListener listener) {
      super(listener);
    }

    @Override
    public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
      Runnable response = () -> super.onResponse(status, headers, body);
      if (sent) {
        response.run();
      } else {
        held = response;
      }
    }

    @Override
    public void onRequestSent() {
      sent = true;
      super.onRequestSent();
      if (held != null) held.run();
    }
  }

  private static final class Vague extends ForwardingUpstreamListener {
    Vague(UpstreamListener listener) {
      super(listener);
    }

    @Override
    public void onFailure(UpstreamFault fault) {
      super.onFailure(
          new UpstreamFault(
              ErrorCode.UPSTREAM_ABORTED,
              fault.phase(),
              fault.detail(),
              fault.retrySafe(),
              fault.cause()));
    }
  }

  private static final class Repeating extends ForwardingUpstreamListener {
    Repeating(UpstreamListener listener) {
      super(listener);
    }

    @Override
    public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
      super.onResponse(status, headers.copy(), body);
      super.onResponse(status, headers, body);
    }
  }
}
