package dev.headgate.examples.sessioncli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Stands for a tool that is run in a session: asks its API for each path, then exits with 7. */
final class ChildProgram {
  private ChildProgram() {}

  public static void main(String[] args) throws IOException {
    System.out.println("pid " + ProcessHandle.current().pid());
    System.out.println("cookies " + System.getenv(SessionOptions.COOKIES));
    String base = System.getenv(args[0]);
    for (int i = 1; i < args.length; i++) {
      HttpURLConnection call =
          (HttpURLConnection) URI.create(base + args[i]).toURL().openConnection();
      String body = new String(call.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      System.out.println("answer " + call.getResponseCode() + " " + body);
    }
    System.exit(7);
  }
}
