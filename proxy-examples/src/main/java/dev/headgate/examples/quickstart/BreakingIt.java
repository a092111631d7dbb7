package dev.headgate.examples.quickstart;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.core.registry.PluginOptions;
import dev.headgate.core.registry.PluginStatus;
import dev.headgate.examples.quickstart.DemoClient.Question;
import dev.headgate.examples.quickstart.DemoClient.Reply;
import java.io.IOException;
import java.io.PrintWriter;

/** Lets a plugin fail in a running proxy, in each way, and shows what the client gets to see. */
final class BreakingIt {
  private final DemoProxy demo;
  private final DemoClient client;
  private final Question question;
  private final PrintWriter out;

  BreakingIt(DemoProxy demo, DemoClient client, Question question, PrintWriter out) {
    this.demo = demo;
    this.client = client;
    this.question = question;
    this.out = out;
  }

  void run() throws IOException, InterruptedException {
    out.println();
    out.println("breaking it on purpose: plugin 'faulty' joins the running proxy");
    show(Hook.RESPONSE_HEADERS, FailurePolicy.FAIL_OPEN);
    show(Hook.RESPONSE_HEADERS, FailurePolicy.FAIL_CLOSED);
    show(Hook.RESPONSE_CHUNK, FailurePolicy.FAIL_OPEN);
    show(Hook.RESPONSE_CHUNK, FailurePolicy.FAIL_CLOSED);
  }

  private void show(Hook hook, FailurePolicy policy) throws IOException, InterruptedException {
    demo.proxy().plugins().register(new FaultyPlugin(hook, policy), new PluginOptions());
    Reply reply = client.ask(demo.proxy().uri(), question, head -> {}, text -> {});
    long faults =
        demo.proxy().plugins().list().stream()
            .filter(status -> status.metadata().id().equals(FaultyPlugin.ID))
            .mapToLong(PluginStatus::faults)
            .sum();
    demo.proxy().plugins().unregister(FaultyPlugin.ID).toCompletableFuture().join();

    out.println();
    out.printf("  %s, throws in %s (%d fault counted)%n", policy, hook.methodName(), faults);
    out.printf("    status        %d %s%n", reply.status(), reply.type());
    for (String line : reply.proxyStatus()) out.printf("    Proxy-Status  %s%n", line);
    if (reply.status() >= 400) out.printf("    body          %s%n", reply.body());
    if (reply.broken() != null) {
      out.printf("    body          broken off after %d tokens%n", reply.tokens());
    } else if (reply.tokens() > 0) {
      out.printf("    body          complete, %d tokens%n", reply.tokens());
    }
    out.flush();
  }
}
