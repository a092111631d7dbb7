package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Runs the cases: all peers of a case in turn, in as many rounds, so that a machine that changes
 * its pace changes it for all.
 */
final class Comparison {
  /**
   * How long, and how often.
   *
   * @param seconds for each measurement
   * @param warmUp for each peer before its first measurement in a case
   * @param rounds how often each is measured
   */
  record Plan(Duration seconds, Duration warmUp, int rounds) {}

  private final List<Peer> peers;
  private final Plan plan;
  private final Path directory;
  private final PrintStream progress;
  private final Results results = new Results();

  Comparison(List<Peer> peers, Plan plan, Path directory, PrintStream progress) {
    this.peers = peers;
    this.plan = plan;
    this.directory = directory;
    this.progress = progress;
  }

  Results run(List<Case> cases) throws IOException, InterruptedException {
    for (Origin origin : Origin.values()) {
      List<Case> here = cases.stream().filter(load -> load.origin() == origin).toList();
      if (here.isEmpty()) continue;
      try (Running upstream = origin.start(directory)) {
        for (Way way : Way.values()) {
          together(
              upstream,
              way,
              here.stream().filter(load -> load.way() == way && !load.fresh()).toList());
        }
        for (Case load : here) {
          if (load.fresh()) alone(upstream, load);
        }
      }
    }
    return results;
  }

  /** All peers run, and take their turns. */
  private void together(Running upstream, Way way, List<Case> cases)
      throws IOException, InterruptedException {
    if (cases.isEmpty()) return;
    List<Subject> subjects = new ArrayList<>();
    try {
      for (Peer peer : speaking(way)) start(peer, upstream, way, cases).ifPresent(subjects::add);
      for (Case load : cases) {
        for (Subject subject : subjects) warmUp(load, subject);
      }
      List<Subject> turns = new ArrayList<>(subjects);
      for (int round = 1; round <= plan.rounds(); round++) {
        for (Case load : cases) {
          for (Subject subject : turns) measure(load, subject, round);
        }
        // Whoever comes after a heavy one does so in one round only.
        Collections.reverse(turns);
      }
    } finally {
      subjects.forEach(Subject::close);
    }
  }

  /** Each peer has the machine, and its process, for itself. */
  private void alone(Running upstream, Case load) throws IOException, InterruptedException {
    for (Peer peer : speaking(load.way())) {
      Optional<Subject> started = start(peer, upstream, load.way(), List.of(load));
      if (started.isEmpty()) continue;
      try (Subject subject = started.get()) {
        warmUp(load, subject);
        measure(load, subject, 1);
      }
    }
  }

  private List<Peer> speaking(Way way) {
    return peers.stream().filter(peer -> peer.ways().contains(way)).toList();
  }

  private Optional<Subject> start(Peer peer, Running upstream, Way way, List<Case> cases)
      throws InterruptedException {
    Optional<String> why = peer.missing();
    if (why.isEmpty()) {
      try {
        return Optional.of(peer.start(upstream, way, Files.createDirectories(directory)));
      } catch (IOException e) {
        why = Optional.of("failed: " + e.getMessage());
      }
    }
    for (Case load : cases) results.note(load.name(), peer.name(), why.orElse(""));
    progress.println(peer.name() + ": " + why.orElse(""));
    return Optional.empty();
  }

  private void warmUp(Case load, Subject subject) throws InterruptedException {
    progress.println("warm-up  " + load.name() + "  " + subject.name());
    try {
      load.warmUp(subject, plan.warmUp());
    } catch (IOException e) {
      progress.println("         " + e.getMessage());
    }
  }

  private void measure(Case load, Subject subject, int round) throws InterruptedException {
    progress.println("round " + round + "  " + load.name() + "  " + subject.name());
    try {
      results.add(load.name(), subject.name(), load.measure(subject, plan.seconds()));
    } catch (IOException e) {
      results.note(load.name(), subject.name(), "failed: " + e.getMessage());
      progress.println("         " + e.getMessage());
    }
  }
}
