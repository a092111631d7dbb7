package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.headgate.Proxy;
import dev.headgate.api.AttributeKey;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.HostPort;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.tls.LeafCertificates;
import dev.headgate.core.tls.UpstreamTls;
import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestAuthority;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.TunnelEnd;
import dev.headgate.tck.lab.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/** Tunnels whose TLS ends in the proxy: I-10 to I-22. */
final class InspectionRules {
  private static final AttributeKey<String> TUNNEL = AttributeKey.named("tunnel");

  /** Upstreams of one authority, and a proxy with another. */
  private static final class Scene {
    final Lab lab;
    final TestAuthority web;
    final TestAuthority own;
    final TestOrigin origin;
    final AtomicInteger asked = new AtomicInteger();

    Scene(Lab lab) {
      this.lab = lab;
      this.web = lab.authority();
      this.own = lab.authority();
      this.origin = lab.origin().secured(web.serving("*.test"));
    }

    String authority(String host) {
      return host + ":" + origin.port();
    }

    Proxy proxy(UnaryOperator<InspectOptions.Builder> inspect, TestPlugin... plugins) {
      return proxy(inspect, options -> options, plugins);
    }

    Proxy proxy(
        UnaryOperator<InspectOptions.Builder> inspect,
        UnaryOperator<ForwardOptions.Builder> forward,
        TestPlugin... plugins) {
      InspectOptions.Builder options =
          InspectOptions.builder(counted(own.leaves()))
              .upstreamTls(UpstreamTls.builder().authorities(web.pemFile()).build());
      return lab.proxy(
          builder -> {
            builder.inspect(inspect.apply(options).build());
            builder.forward(forward.apply(Way.local().connectPorts(origin.port())).build());
            for (TestPlugin plugin : plugins) builder.plugin(plugin);
          });
    }

    /** Counts how many hosts are asked for. */
    private LeafCertificates counted(LeafCertificates leaves) {
      return new LeafCertificates() {
        @Override
        public CompletionStage<SSLContext> context(String host, Executor executor) {
          asked.incrementAndGet();
          return leaves.context(host, executor);
        }

        @Override
        public String authorityPem() {
          return leaves.authorityPem();
        }
      };
    }

    ClientExchange connect(Proxy proxy, String host) {
      return lab.client(proxy).send("CONNECT", authority(host), "Host", authority(host));
    }

    /** A client inside, that sees a certificate of this authority or fails. */
    TestClient inside(Proxy proxy, String host, TestAuthority authority) {
      return connect(proxy, host).secure(authority.trusting(), authority(host));
    }

    /** Checks that a client refuses who is at the end of a tunnel. */
    void assertRefuses(Proxy proxy, String host, TestAuthority authority) {
      try {
        inside(proxy, host, authority);
      } catch (BrokenConnectionError refused) {
        return;
      }
      fail("the client trusts a certificate of another authority");
    }

    /** Checks who is at the end of a tunnel, by a request that is answered. */
    void assertShows(Proxy proxy, String host, TestAuthority authority) {
      ClientExchange asked = inside(proxy, host, authority).get("/");
      OriginRequest request = origin.accept();
      request.respond(200, "hello");
      assertEquals("hello", asked.readAllText());
    }
  }

  private static TestPlugin inspecting(Lab lab, String id) {
    return lab.plugin(id).onConnect(ctx -> ConnectDecision.inspect(ctx.destination()));
  }

  @Rule(
      id = "I-10",
      intent = "requests inside are exchanges with all hooks, and see the tunnel's attributes",
      needs = Capability.INSPECTION)
  void hooksSeeWhatIsInside(Lab lab) {
    Scene scene = new Scene(lab);
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    TestPlugin plugin =
        lab.plugin("a")
            .onConnect(
                ctx -> {
                  ctx.attributes().put(TUNNEL, "to " + ctx.destination());
                  return ConnectDecision.proceed();
                })
            .onRequest(
                ctx -> {
                  seen.add(
                      ctx.request().scheme()
                          + " "
                          + ctx.request().path()
                          + " "
                          + ctx.attributes().get(TUNNEL));
                  ctx.request().headers().set("X-Seen", "yes");
                  return RequestDecision.proceed();
                });
    Proxy proxy = scene.proxy(inspect -> inspect.hosts("*"), plugin);
    TestClient client = scene.inside(proxy, "a.test", scene.own);
    for (String path : List.of("/one?x", "/two")) {
      ClientExchange asked = client.post(path, "what I say");
      OriginRequest request = scene.origin.accept();
      assertEquals(path, request.target());
      assertEquals(scene.authority("a.test"), request.header("Host"));
      assertEquals("yes", request.header("X-Seen"));
      assertEquals("what I say", request.readAllText());
      request.respond(200, "heard");
      assertEquals("heard", asked.readAllText());
    }
    String to = " to " + scene.authority("a.test");
    assertEquals(List.of("https /one" + to, "https /two" + to), seen);
    assertEquals("what I saywhat I say", PluginFixtures.seen(lab, "a", "onRequestChunk"));
    assertEquals("heardheard", PluginFixtures.seen(lab, "a", "onResponseChunk"));
    lab.recorder().awaitEnd("a", 3);
  }

  @Rule(
      id = "I-11",
      intent = "tunnels that nobody asks to look into are passed unseen",
      needs = Capability.INSPECTION)
  void othersArePassedUnseen(Lab lab) {
    Scene scene = new Scene(lab);
    TestPlugin plugin = lab.plugin("a");
    Proxy proxy = scene.proxy(inspect -> inspect.hosts("*.seen.test"), plugin);
    scene.assertShows(proxy, "a.test", scene.web);
    assertEquals(0, scene.asked.get());
    assertEquals(0, lab.recorder().count("a", "onRequest"));

    Proxy byPlugin = scene.proxy(inspect -> inspect, inspecting(lab, "b"));
    scene.assertShows(byPlugin, "a.test", scene.own);
    assertEquals(1, lab.recorder().count("b", "onRequest"));
  }

  @Rule(
      id = "I-12",
      intent = "hosts that are to be left alone are, whoever asks",
      needs = Capability.INSPECTION)
  void listedHostsAreLeftAlone(Lab lab) {
    Scene scene = new Scene(lab);
    Proxy proxy =
        scene.proxy(inspect -> inspect.hosts("*").passThrough("bank.test"), inspecting(lab, "a"));
    scene.assertShows(proxy, "bank.test", scene.web);
    scene.assertShows(proxy, "a.test", scene.own);
    HostPort bank = new HostPort("bank.test", scene.origin.port());
    Proxy led =
        scene.proxy(
            inspect -> inspect.passThrough("bank.test"),
            lab.plugin("b").onConnect(ctx -> ConnectDecision.inspect(bank)));
    scene.assertShows(led, "a.test", scene.web);
  }

  @Rule(
      id = "I-13",
      intent = "the upstream is verified first, and its fault told in the clear",
      needs = Capability.INSPECTION)
  void upstreamIsVerifiedFirst(Lab lab) {
    Scene scene = new Scene(lab);
    Proxy proxy = scene.proxy(inspect -> inspect.hosts("*"));
    ClientExchange otherHost = scene.connect(proxy, "a.example");
    Problem.read(otherHost, ErrorCode.TLS_CERTIFICATE);

    TestAuthority stranger = lab.authority();
    scene.origin.secured(stranger.serving("*.test"));
    Problem refused = Problem.read(scene.connect(proxy, "a.test"), ErrorCode.TLS_CERTIFICATE);
    assertEquals(502, refused.head().status());
    assertEquals(0, scene.asked.get(), "certificates that were made");
  }

  @Rule(
      id = "I-14",
      intent = "the address policy holds for tunnels that are looked into",
      needs = Capability.INSPECTION)
  void addressPolicyHolds(Lab lab) {
    Scene scene = new Scene(lab);
    Proxy proxy =
        scene.proxy(
            inspect -> inspect.hosts("*"),
            forward -> forward.addresses(AddressPolicy.publicOnly()));
    Problem.read(scene.connect(proxy, "a.test"), ErrorCode.ADDRESS_DENIED);
    TestPlugin elsewhere =
        lab.plugin("a").onConnect(ctx -> ConnectDecision.inspect(new HostPort("10.0.0.1", 443)));
    Proxy led = scene.proxy(inspect -> inspect, elsewhere);
    Problem.read(scene.connect(led, "a.test"), ErrorCode.ADDRESS_DENIED);
    assertEquals(0, scene.asked.get(), "certificates that were made");
  }

  @Rule(
      id = "I-15",
      intent = "clients get the authority's certificate from the proxy",
      needs = Capability.INSPECTION)
  void certificateIsServed(Lab lab) {
    Scene scene = new Scene(lab);
    Proxy proxy = scene.proxy(inspect -> inspect.certificateHost("trust.internal"));
    ClientExchange asked = lab.client(proxy).get("http://trust.internal/");
    assertEquals(200, asked.status());
    assertEquals("application/x-x509-ca-cert", asked.response().header("Content-Type"));
    assertEquals(scene.own.leaves().authorityPem(), asked.readAllText());
  }

  @Rule(
      id = "I-16",
      intent = "plugins answer and refuse inside as anywhere, and the tunnel lives",
      needs = Capability.INSPECTION)
  void pluginsAnswerInside(Lab lab) {
    Scene scene = new Scene(lab);
    TestPlugin plugin =
        lab.plugin("a")
            .failClosed()
            .onRequest(
                ctx ->
                    switch (ctx.request().path()) {
                      case "/own" ->
                          RequestDecision.respond(DirectResponse.status(200).text("mine"));
                      case "/bad" -> throw PluginFixtures.onPurpose();
                      default -> RequestDecision.proceed();
                    });
    Proxy proxy = scene.proxy(inspect -> inspect.hosts("*"), plugin);
    TestClient client = scene.inside(proxy, "a.test", scene.own);
    assertEquals("mine", client.get("/own").readAllText());
    Problem.read(client.get("/bad"), ErrorCode.PLUGIN_FAILED);
    ClientExchange passed = client.get("/pass");
    scene.origin.accept().respond(404, "none");
    assertEquals(404, passed.status());
    assertEquals("none", passed.readAllText());
    assertEquals(1, scene.origin.requests());
  }

  @Rule(id = "I-17", intent = "there is no tunnel inside a tunnel", needs = Capability.INSPECTION)
  void noTunnelInsideATunnel(Lab lab) {
    Scene scene = new Scene(lab);
    Proxy proxy = scene.proxy(inspect -> inspect.hosts("*"));
    TestClient client = scene.inside(proxy, "a.test", scene.own);
    ClientExchange asked = client.send("CONNECT", scene.authority("b.test"));
    Problem.read(asked, ErrorCode.NOT_IMPLEMENTED);
  }

  @Rule(
      id = "I-18",
      intent = "a client that leaves inside aborts what is under way",
      needs = Capability.INSPECTION)
  void clientMayLeaveInside(Lab lab) {
    Scene scene = new Scene(lab);
    TestPlugin plugin = lab.plugin("a");
    Proxy proxy = scene.proxy(inspect -> inspect.hosts("*"), plugin);
    ClientExchange asked = scene.inside(proxy, "a.test", scene.own).get("/");
    OriginRequest request = scene.origin.accept();
    asked.vanish();
    request.awaitAborted();
    lab.recorder().awaitEnd("a", 2);
    assertEquals(0, lab.recorder().count("a", "onError"));
  }

  @Rule(
      id = "I-19",
      intent = "protocols are switched inside too",
      needs = {Capability.INSPECTION, Capability.UPGRADE})
  void upgradesPassInside(Lab lab) {
    Scene scene = new Scene(lab);
    Proxy proxy = scene.proxy(inspect -> inspect.hosts("*"));
    ClientExchange asked = scene.inside(proxy, "a.test", scene.own).get("/chat", Way.WISH);
    TunnelEnd upstream = scene.origin.accept().switchProtocols("early", Way.WISH);
    TunnelEnd client = asked.tunnel();
    assertEquals("early", client.readText(5));
    client.send("question");
    assertEquals("question", upstream.readText(8));
    upstream.send("answer");
    assertEquals("answer", client.readText(6));
  }

  @Rule(
      id = "I-20",
      intent = "a refused certificate leads to passing through only where that is set",
      needs = Capability.INSPECTION)
  void refusalsMayLeadToPassingThrough(Lab lab) {
    Scene scene = new Scene(lab);
    Proxy strict = scene.proxy(inspect -> inspect.hosts("*"));
    for (int i = 0; i < 2; i++) {
      scene.assertRefuses(strict, "a.test", scene.web);
    }
    scene.assertShows(strict, "a.test", scene.own);

    Proxy lenient =
        scene.proxy(inspect -> inspect.hosts("*").passThroughAfterRefusal(Duration.ofMinutes(5)));
    scene.assertRefuses(lenient, "a.test", scene.web);
    // The refusal is on its way to the proxy by now; the next tunnel may still be early.
    Waits.until("the host is left alone", () -> isShown(scene, lenient, scene.web));
    scene.assertShows(lenient, "a.test", scene.web);
    scene.assertShows(lenient, "b.test", scene.own);
  }

  @Rule(
      id = "I-21",
      intent = "what is inside is for the host that the tunnel was asked for",
      needs = Capability.INSPECTION)
  void otherHostsAreRefusedInside(Lab lab) {
    Scene scene = new Scene(lab);
    TestPlugin plugin = lab.plugin("a");
    Proxy proxy =
        scene.proxy(
            inspect -> inspect.hosts("*"), forward -> forward.denyHosts("bad.test"), plugin);
    TestClient client = scene.inside(proxy, "a.test", scene.own);
    for (String other : List.of("b.test", "bad.test", "headgate.internal")) {
      Problem.read(client.get("/x", "Host", scene.authority(other)), ErrorCode.HOST_NOT_ALLOWED);
    }
    String plain = "http://" + scene.authority("a.test") + "/";
    Problem.read(client.get(plain), ErrorCode.HOST_NOT_ALLOWED);
    assertEquals(0, lab.recorder().count("a", "onRequest"));
    ClientExchange asked = client.get("https://" + scene.authority("a.test") + "/x");
    OriginRequest request = scene.origin.accept();
    assertEquals("/x", request.target());
    request.respond(200, "hello");
    assertEquals("hello", asked.readAllText());
  }

  @Rule(
      id = "I-22",
      intent = "a client that was shown no certificate has refused none",
      needs = Capability.INSPECTION)
  void whoSawNoCertificateRefusedNone(Lab lab) {
    Scene scene = new Scene(lab);
    Proxy proxy =
        scene.proxy(inspect -> inspect.hosts("*").passThroughAfterRefusal(Duration.ofMinutes(5)));
    TunnelEnd silent = scene.connect(proxy, "a.test").tunnel();
    silent.end();
    silent.ending();
    TunnelEnd garbage = scene.connect(proxy, "a.test").tunnel();
    garbage.send("GET / HTTP/1.1\r\n\r\n");
    garbage.ending();
    scene.assertShows(proxy, "a.test", scene.own);
  }

  private static boolean isShown(Scene scene, Proxy proxy, TestAuthority authority) {
    try {
      scene.inside(proxy, "a.test", authority).close();
      return true;
    } catch (BrokenConnectionError early) {
      return false;
    }
  }
}
