package dev.headgate.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.headgate.api.Attributes;
import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.HostPort;
import dev.headgate.api.Interceptor;
import dev.headgate.wasm.support.Guests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hook of CONNECT, which no engine calls yet. */
class ConnectTest {
  private static ConnectDecision decide(String answer) throws Exception {
    WasmPlugin plugin = Guests.plugin(Guests.test("answers")).config("on_connect", answer).build();
    Interceptor interceptor = plugin.createInterceptor(FakeContext.create());
    ConnectContext ctx = mock(ConnectContext.class);
    when(ctx.destination()).thenReturn(new HostPort("example.com", 443));
    when(ctx.attributes()).thenReturn(mock(Attributes.class));
    return interceptor.onConnect(ctx);
  }

  @Test
  void proceedsWithoutAnswer() throws Exception {
    assertEquals(ConnectDecision.proceed(), decide(""));
    assertEquals(ConnectDecision.proceed(), decide("{}"));
  }

  @ParameterizedTest
  @CsvSource({"host.example:8443, host.example, 8443", "[::1]:443, ::1, 443"})
  void opensATunnelOrInspects(String text, String host, int port) throws Exception {
    HostPort address = new HostPort(host, port);
    assertEquals(ConnectDecision.tunnel(address), decide("{\"tunnel\": \"" + text + "\"}"));
    assertEquals(ConnectDecision.inspect(address), decide("{\"inspect\": \"" + text + "\"}"));
  }

  @Test
  void refuses() throws Exception {
    ConnectDecision.Refuse refuse =
        assertInstanceOf(
            ConnectDecision.Refuse.class,
            decide("{\"error\": {\"status\": 403, \"detail\": \"Not there.\"}}"));
    assertEquals(403, refuse.error().status());
    assertEquals("Not there.", refuse.error().detail());
  }

  @ParameterizedTest
  @CsvSource({"host", "host:", "host:0", "host:port", ":443"})
  void refusesWhatIsNoAddress(String text) {
    assertThrows(IllegalArgumentException.class, () -> decide("{\"tunnel\": \"" + text + "\"}"));
  }
}
