package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that compares. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Puts the same load on Headgate and on other proxies, and prints what it costs.")
public final class Compare implements Callable<Integer> {
  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "NAME",
      description = "Which ones; all by default: ${COMPLETION-CANDIDATES}",
      completionCandidates = PeerNames.class)
  private List<String> peerNames = List.of();

  @Option(
      names = "--cases",
      split = ",",
      paramLabel = "NAME",
      description = "Which ones; all by default.")
  private List<String> caseNames = List.of();

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "For each measurement. Default: ${DEFAULT-VALUE}.")
  private int seconds = 10;

  @Option(
      names = "--warm-up",
      defaultValue = "15",
      description = "Seconds before, for each peer and case. Default: ${DEFAULT-VALUE}.")
  private int warmUp = 15;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "How often each peer takes its turn. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--variant",
      paramLabel = "NAME=CLASSPATH",
      description = "Headgate of another build as a further peer: its jars or class directories.")
  private Map<String, String> variants = Map.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Writes all measurements there.")
  private @Nullable Path json;

  @Option(names = "--chart", paramLabel = "FILE", description = "Draws the norms there, as SVG.")
  private @Nullable Path chart;

  /**
   * Runs.
   *
   * @param args the options
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Compare()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    // nginx's workers, which run as another user, read files below it.
    Path directory =
        Files.createTempDirectory(
            "compare",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    try {
      return compare(directory);
    } finally {
      Directories.delete(directory);
    }
  }

  private int compare(Path directory) throws IOException, InterruptedException {
    if (Tools.find("nginx").isEmpty()) {
      System.err.println("The upstream is nginx. On Debian: apt-get install nginx-light");
      return CommandLine.ExitCode.SOFTWARE;
    }
    List<Peer> peers = chosen("peer", Peers.all(), Peer::name, peerNames);
    variants.forEach((name, classPath) -> peers.add(Peers.variant(name, classPath)));
    List<Case> cases =
        chosen("case", Cases.all(LoadGenerator.installed(directory)), Case::name, caseNames);
    Comparison.Plan plan =
        new Comparison.Plan(Duration.ofSeconds(seconds), Duration.ofSeconds(warmUp), rounds);
    Results results = new Comparison(peers, plan, directory, System.err).run(cases);

    List<String> names = peers.stream().map(Peer::name).toList();
    System.out.println();
    for (Case load : cases) System.out.println(Table.of(results, names, load));
    Machine machine = Machine.here();
    System.out.println(machine);
    if (json != null) JsonFile.write(json, machine, plan, results);
    if (chart != null) Chart.write(chart, machine, results, names, cases);
    return CommandLine.ExitCode.OK;
  }

  private static <T> List<T> chosen(
      String kind, List<T> all, Function<T, String> name, List<String> names) {
    if (names.isEmpty()) return new ArrayList<>(all);
    List<T> chosen = new ArrayList<>();
    for (String wanted : names) {
      chosen.add(
          all.stream()
              .filter(each -> name.apply(each).equals(wanted))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          kind
                              + " must be one of "
                              + all.stream().map(name).collect(Collectors.joining(", "))
                              + ", but was "
                              + wanted)));
    }
    return chosen;
  }

  private static final class PeerNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    PeerNames() {
      super(Peers.all().stream().map(Peer::name).toList());
    }
  }
}
