package dev.headgate.jetty;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** What tests of a forward proxy share: proxies that may reach this machine, and requests. */
abstract class ForwardWireTest extends WireTest {
  static final String USER = "Basic " + base64("ann:s:ecret");

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Everything named {@code *.test} is this machine. */
  static ForwardOptions.Builder local() {
    return ForwardOptions.builder()
        .addresses(AddressPolicy.builder().allow("127.0.0.0/8").build())
        .lookup(name -> new InetAddress[] {InetAddress.getLoopbackAddress()});
  }

  Proxy forward(ForwardOptions.Builder options) {
    return forward(options, builder -> builder);
  }

  Proxy forward(ForwardOptions.Builder options, UnaryOperator<ProxyBuilder> settings) {
    ProxyBuilder builder = Proxy.builder().engine(engine).grace(Duration.ofMillis(100));
    return opened(settings.apply(builder.forward(options.build())).start());
  }

  String authority() {
    return "a.test:" + origin.port();
  }

  String absolute(String path, String... fields) {
    return "GET http://"
        + authority()
        + path
        + " HTTP/1.1\r\nHost: other\r\n"
        + (fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n")
        + "\r\n";
  }

  static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }
}
