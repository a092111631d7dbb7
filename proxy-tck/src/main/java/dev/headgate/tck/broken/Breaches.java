package dev.headgate.tck.broken;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.InspectedHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.io.IOException;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Where a backend or a chain can be broken: each puts something around one part of it. */
public final class Breaches {
  private Breaches() {}

  /**
   * Puts something around the engine.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> engine(UnaryOperator<Engine> around) {
    return backend ->
        new Backend() {
          @Override
          public String name() {
            return backend.name();
          }

          @Override
          public Set<Capability> capabilities() {
            return backend.capabilities();
          }

          @Override
          public Engine start(EngineOptions options) throws Exception {
            return around.apply(backend.start(options));
          }
        };
  }

  /**
   * Puts something around each listener.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> listener(UnaryOperator<Listener> around) {
    return engine(
        engine ->
            new ForwardingEngine(engine) {
              @Override
              public Listener listen(ListenOptions options, InboundHandler handler)
                  throws IOException {
                return around.apply(super.listen(options, handler));
              }
            });
  }

  /**
   * Puts something around each exchange that comes in.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> inbound(UnaryOperator<InboundExchange> around) {
    return engine(
        engine ->
            new ForwardingEngine(engine) {
              @Override
              public Listener listen(ListenOptions options, InboundHandler handler)
                  throws IOException {
                return super.listen(
                    options,
                    new InboundHandler() {
                      @Override
                      public void handle(InboundExchange exchange) {
                        handler.handle(around.apply(exchange));
                      }

                      @Override
                      public DirectResponse reject(ErrorCode code, String detail) {
                        return handler.reject(code, detail);
                      }
                    });
              }
            });
  }

  /**
   * Puts something around each body of a request.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> requestBody(UnaryOperator<BodySource> around) {
    return inbound(
        exchange -> {
          BodySource body = exchange.body();
          BodySource broken = body == null ? null : around.apply(body);
          return new ForwardingInbound(exchange) {
            @Override
            public @Nullable BodySource body() {
              return broken;
            }
          };
        });
  }

  /**
   * Puts something around the client for upstreams.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> upstream(UnaryOperator<UpstreamClient> around) {
    return engine(
        engine -> {
          UpstreamClient broken = around.apply(engine.upstream());
          return new ForwardingEngine(engine) {
            @Override
            public UpstreamClient upstream() {
              return broken;
            }
          };
        });
  }

  /**
   * Changes each request to an upstream.
   *
   * @param change given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> upstreamRequest(UnaryOperator<UpstreamRequest> change) {
    return upstream(client -> (request, listener) -> client.send(change.apply(request), listener));
  }

  /**
   * Puts something around what is told of each request to an upstream.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> upstreamListener(UnaryOperator<UpstreamListener> around) {
    return upstream(client -> (request, listener) -> client.send(request, around.apply(listener)));
  }

  /**
   * Puts something around each body of a response.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> responseBody(UnaryOperator<BodySource> around) {
    return upstreamListener(
        listener ->
            new ForwardingUpstreamListener(listener) {
              @Override
              public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
                super.onResponse(status, headers, body == null ? null : around.apply(body));
              }
            });
  }

  /**
   * Puts something around what takes the exchanges inside of each tunnel that is looked into.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> inspected(UnaryOperator<InspectedHandler> around) {
    return inbound(
        exchange ->
            new ForwardingInbound(exchange) {
              @Override
              public void inspect(
                  HeaderList headers, SSLEngine engine, InspectedHandler inside, Completion done) {
                super.inspect(headers, engine, around.apply(inside), done);
              }
            });
  }

  /**
   * Puts something around the client's side of each tunnel.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> clientTunnel(UnaryOperator<Tunnel> around) {
    return inbound(
        exchange ->
            new ForwardingInbound(exchange) {
              @Override
              public Tunnel tunnel(int status, HeaderList headers, Completion done) {
                return around.apply(super.tunnel(status, headers, done));
              }
            });
  }

  /**
   * Puts something around the upstream's side of each tunnel.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> upstreamTunnel(UnaryOperator<Tunnel> around) {
    return upstreamListener(
        listener ->
            new ForwardingUpstreamListener(listener) {
              @Override
              public void onTunnel(int status, HeaderList headers, Tunnel tunnel) {
                super.onTunnel(status, headers, around.apply(tunnel));
              }
            });
  }

  /**
   * Puts something around what both sides of each tunnel send.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a backend one that is broken so
   */
  public static UnaryOperator<Backend> tunnelInput(UnaryOperator<BodySource> around) {
    UnaryOperator<Tunnel> broken =
        tunnel -> {
          BodySource input = around.apply(tunnel.input());
          return new ForwardingTunnel(tunnel) {
            @Override
            public BodySource input() {
              return input;
            }
          };
        };
    return backend -> clientTunnel(broken).apply(upstreamTunnel(broken).apply(backend));
  }

  /**
   * Changes each plugin's metadata.
   *
   * @param change given what is there, returns what is used in its place
   * @return makes of a plugin one that is broken so
   */
  public static UnaryOperator<ProxyPlugin> metadata(UnaryOperator<PluginMetadata> change) {
    return plugin ->
        new ForwardingPlugin(plugin) {
          @Override
          public PluginMetadata metadata() {
            return change.apply(super.metadata());
          }
        };
  }

  /**
   * Puts something around what each plugin is given to make its interceptor with.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a plugin one that is broken so
   */
  public static UnaryOperator<ProxyPlugin> context(UnaryOperator<PluginContext> around) {
    return plugin ->
        new ForwardingPlugin(plugin) {
          @Override
          public Interceptor createInterceptor(PluginContext context) throws Exception {
            return super.createInterceptor(around.apply(context));
          }
        };
  }

  /**
   * Puts something around each interceptor.
   *
   * @param around given what is there, returns what is used in its place
   * @return makes of a plugin one that is broken so
   */
  public static UnaryOperator<ProxyPlugin> interceptor(UnaryOperator<Interceptor> around) {
    return plugin ->
        new ForwardingPlugin(plugin) {
          @Override
          public Interceptor createInterceptor(PluginContext context) throws Exception {
            return around.apply(super.createInterceptor(context));
          }
        };
  }
}
