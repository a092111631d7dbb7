package dev.headgate.core.spi;

import dev.headgate.api.HostPort;
import dev.headgate.core.http.AddressLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the system, which has a cache of its own, and allows all. */
enum DirectResolver implements Resolver {
  INSTANCE;

  @Override
  public @Nullable List<InetSocketAddress> known(HostPort address) {
    InetAddress literal = AddressLiteral.parse(address.host());
    return literal == null ? null : List.of(new InetSocketAddress(literal, address.port()));
  }

  @Override
  public List<InetSocketAddress> resolve(HostPort address) throws UnknownHostException {
    InetAddress[] found = InetAddress.getAllByName(address.host());
    List<InetSocketAddress> all = new ArrayList<>(found.length);
    for (InetAddress one : found) all.add(new InetSocketAddress(one, address.port()));
    return all;
  }
}
