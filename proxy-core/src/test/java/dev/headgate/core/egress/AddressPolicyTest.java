package dev.headgate.core.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.http.AddressLiteral;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private static boolean allows(AddressPolicy policy, String address) throws UnknownHostException {
    return policy.allows("some.test", InetAddress.getByName(address), own -> false);
  }

  /** A public address by which this machine is reached leads inside as well as a private one. */
  @Test
  void addressesOfThisMachineAreDenied() throws Exception {
    InetAddress mine = InetAddress.getByName("8.8.8.8");
    AddressPolicy usual = AddressPolicy.publicOnly();
    for (String form : new String[] {"8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"}) {
      assertFalse(usual.allows("some.test", InetAddress.getByName(form), mine::equals), form);
    }
    assertTrue(usual.allows("some.test", InetAddress.getByName("8.8.4.4"), mine::equals));
    AddressPolicy opened = AddressPolicy.builder().allow("8.8.8.8").build();
    assertTrue(opened.allows("some.test", mine, mine::equals));
    AddressPolicy named = AddressPolicy.builder().allowHosts("some.test").build();
    assertTrue(named.allows("some.test", mine, mine::equals));
    OwnAddresses own = new OwnAddresses(System::nanoTime);
    assertTrue(own.test(InetAddress.getLoopbackAddress()));
    assertFalse(own.test(mine));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "1.0.0.1",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.1.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::8",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "::ffff:8.8.8.8"
      })
  void publicAddressesAreAllowed(String address) throws Exception {
    assertTrue(allows(AddressPolicy.publicOnly(), address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.1.2.3",
        "10.255.255.255",
        "100.127.255.255",
        "127.255.255.255",
        "169.254.0.0",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.0.0",
        "198.19.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "239.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::10.0.0.1",
        "::ffff:0:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::808:808",
        "2002:a00:1::1",
        "2001::1",
        "2001:db8::1",
        "100::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff0e::1"
      })
  void specialAddressesAreDenied(String address) throws Exception {
    assertFalse(allows(AddressPolicy.publicOnly(), address));
  }

  @Test
  void rangesAndHostsAreOpenedAndClosed() throws Exception {
    AddressPolicy policy =
        AddressPolicy.builder()
            .allow("10.1.0.0/16", "fd00:1::/32")
            .deny("10.1.2.0/24", "8.8.8.8")
            .allowHosts("*.svc.local")
            .build();
    assertTrue(allows(policy, "10.1.3.4"));
    assertTrue(allows(policy, "64:ff9b::10.1.3.4"));
    assertTrue(allows(policy, "fd00:1::5"));
    assertFalse(allows(policy, "10.2.0.1"));
    assertFalse(allows(policy, "10.1.2.3"));
    assertFalse(allows(policy, "64:ff9b::10.1.2.3"));
    assertFalse(allows(policy, "8.8.8.8"));
    assertTrue(policy.allows("a.svc.local", InetAddress.getByName("192.168.1.1"), own -> false));
    assertFalse(policy.allows("svc.local", InetAddress.getByName("192.168.1.1"), own -> false));
    assertFalse(policy.allows("a.svc.local", InetAddress.getByName("10.1.2.3"), own -> false));
    assertTrue(allows(AddressPolicy.builder().allowAll().build(), "127.0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "a.test", "::/129", "1.2.3.4.5"})
  void rangeThatIsNoneIsRefused(String range) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> AddressPolicy.builder().allow(range))
            .getMessage();
    assertTrue(message.contains("'" + range + "'"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4, 1.2.3.4",
    "1.2.3, 1.2.0.3",
    "1.2, 1.0.0.2",
    "16909060, 1.2.3.4",
    "0x01020304, 1.2.3.4",
    "01.02.03.04, 1.2.3.4",
    "0x1.2.0x304, 1.2.3.4",
    "1.2.3.4., 1.2.3.4",
    "255.255.255.255, 255.255.255.255",
    "037777777777, 255.255.255.255"
  })
  void eachFormOfAnAddressIsRead(String text, String address) {
    InetAddress parsed = AddressLiteral.parse(text);
    assertEquals(address, parsed == null ? null : parsed.getHostAddress());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.256",
        "4294967296",
        "08",
        "1..2",
        ".1",
        "1.2.3.4..",
        "0x1g",
        "12a",
        "1.2.3.four",
        "",
        "1.65536.1",
        "-1",
        "123.example.com"
      })
  void namesAreNoAddresses(String text) {
    assertNull(AddressLiteral.parse(text));
  }
}
