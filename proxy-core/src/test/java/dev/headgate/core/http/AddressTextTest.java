package dev.headgate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses and ranges of them, as configurations and fields have them. */
class AddressTextTest {
  @Property
  void writesAddressesThatAreReadAgain(@ForAll @Size(16) byte[] bytes) throws Exception {
    for (int i = 0; i < 16; i++) if (bytes[i] > 40) bytes[i] = 0; // for runs of zeros
    InetAddress address = InetAddress.getByAddress(bytes);
    assertEquals(address, IpText.parse(IpText.format(address)));
  }

  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:0,::",
    "0:0:0:0:0:0:0:1,::1",
    "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1",
    "2001:0db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
    "1:0:0:2:0:0:0:3,1:0:0:2::3",
    "1:2:3:4:5:6:0:0,1:2:3:4:5:6::"
  })
  void writesTheShortForm(String address, String expected) throws Exception {
    assertEquals(expected, IpText.format(InetAddress.getByName(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.256",
        "1.2.3.04",
        "1.2.3.4.5",
        "a.b.c.d",
        "localhost",
        "g::1",
        ".:",
        "1::2::3",
        "fe80::1%eth0",
        "[::1]",
        ":",
        "12345::",
        "٣.1.1.1"
      })
  void readsNothingElseAsAnAddress(String text) {
    assertNull(IpText.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.255.1.2,true",
    "10.0.0.0/8,11.0.0.0,false",
    "10.0.0.128/25,10.0.0.127,false",
    "10.0.0.128/25,10.0.0.129,true",
    "0.0.0.0/0,9.9.9.9,true",
    "0.0.0.0/0,::1,false",
    "::1,::1,true",
    "fd00::/8,fdff::1,true",
    "fd00::/8,fe00::1,false",
    "128.0.0.0/1,200.1.1.1,true",
    "128.0.0.0/1,100.1.1.1,false"
  })
  void knowsRanges(String range, String address, boolean in) throws Exception {
    assertEquals(
        in, AddressRange.parse(range).contains(InetAddress.getByName(address).getAddress()));
  }

  @ParameterizedTest
  @CsvSource({
    "a.test,the address is not one",
    "10.0.0/8,the address is not one",
    "10.0.0.0/,the prefix must have 0 to 32 bits",
    "10.0.0.0/33,the prefix must have 0 to 32 bits",
    "::/129,the prefix must have 0 to 128 bits",
    "10.0.0.1/8,no bit may be set behind the prefix",
    "fd00:1::/16,no bit may be set behind the prefix"
  })
  void saysWhyATextIsNoRange(String range, String why) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> AddressRange.parse(range)).getMessage();
    assertTrue(message.contains("'" + range + "': " + why), message);
  }
}
