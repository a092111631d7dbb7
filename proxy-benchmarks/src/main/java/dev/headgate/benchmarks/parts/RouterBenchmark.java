package dev.headgate.benchmarks.parts;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.route.Route;
import dev.headgate.core.route.RouteMatch;
import dev.headgate.core.route.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The route of a request, among few and among many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RouterBenchmark {
  private static final HeaderList HEADERS = new HeaderList();

  @Param({"1", "20", "200"})
  int routes = 1;

  private Router router = router(1);

  /** Makes the router. */
  @Setup
  public void start() {
    router = router(routes);
  }

  private static Router router(int count) {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      routes.add(Route.to("/service-" + i + "/{id}/**", "http://127.0.0.1:3"));
    }
    return Router.of(routes);
  }

  /**
   * Matches the first route.
   *
   * @return the match
   */
  @Benchmark
  public @Nullable RouteMatch match() {
    return router.match("localhost", "/service-0/42/items", "GET", HEADERS);
  }
}
