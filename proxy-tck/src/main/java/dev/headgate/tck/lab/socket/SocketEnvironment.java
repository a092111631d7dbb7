package dev.headgate.tck.lab.socket;

import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.Engine;
import dev.headgate.tck.lab.Driver;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.TckEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A backend with real sockets and real time as an environment. To be used as it is, or to be
 * extended by a backend that can tell more of what it leaks.
 */
public class SocketEnvironment implements TckEnvironment {
  private static final Path TCP_BUFFERS = Path.of("/proc/sys/net/ipv4");

  /** What Linux lets a loopback socket buffer by itself unless it is told otherwise. */
  private static final long USUAL_RECEIVE_BYTES = 6L << 20;

  private static final long USUAL_SEND_BYTES = 4L << 20;

  private final Backend backend;
  private final long stallBytes;

  /**
   * Makes one with the bound of {@link #kernelStallBytes()}.
   *
   * @param backend the backend under test
   */
  public SocketEnvironment(Backend backend) {
    this(backend, kernelStallBytes());
  }

  /**
   * Returns the bound where none is given: what the kernel lets two loopback sockets buffer when it
   * tunes them by itself, and 2 MiB for the rule's own two and for the proxy.
   *
   * @return bytes, as this machine is set up where it tells
   */
  public static long kernelStallBytes() {
    return most("tcp_rmem", USUAL_RECEIVE_BYTES) + most("tcp_wmem", USUAL_SEND_BYTES) + (2L << 20);
  }

  /** The last of the three numbers of a setting. */
  private static long most(String setting, long usual) {
    // In one read, as Linux gives the rest of such a file to nobody.
    byte[] bytes = new byte[256];
    try (InputStream file = Files.newInputStream(TCP_BUFFERS.resolve(setting))) {
      int count = Math.max(0, file.read(bytes));
      String text = new String(bytes, 0, count, StandardCharsets.US_ASCII);
      String[] numbers = text.trim().split("\\s+", -1);
      return Math.max(usual, Long.parseLong(numbers[numbers.length - 1]));
    } catch (IOException | NumberFormatException e) {
      return usual; // another system, or one that does not tell
    }
  }

  /**
   * Makes one.
   *
   * @param backend the backend under test
   * @param stallBytes its bound, with the buffers of the sockets; see {@link
   *     TckEnvironment#stallBytes()}
   */
  public SocketEnvironment(Backend backend, long stallBytes) {
    this.backend = backend;
    this.stallBytes = stallBytes;
  }

  @Override
  public String name() {
    return backend.name();
  }

  /** What the backend declares; without {@link #newAuthority()} there is no proof of inspection. */
  @Override
  public Set<Capability> capabilities() {
    Set<Capability> all = backend.capabilities();
    if (!all.contains(Capability.INSPECTION) || newAuthority().isPresent()) return all;
    Set<Capability> provable = EnumSet.copyOf(all);
    provable.remove(Capability.INSPECTION);
    return Set.copyOf(provable);
  }

  @Override
  public long stallBytes() {
    return stallBytes;
  }

  @Override
  public Driver open(String engineName, EventLog log) {
    return new SocketDriver(this, backend, engineName, log);
  }

  /**
   * Tells what an engine holds that it should not. Called when all its proxies have stopped, and
   * before it is closed; idle upstream connections are no leak.
   *
   * @param engine the engine
   * @return a line for each thing, such as buffers that were not given back; empty by default
   */
  protected List<String> leaks(Engine engine) {
    return List.of();
  }
}
