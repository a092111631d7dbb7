package dev.headgate.jetty;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What {@link WireFuzzTest} begins with, and how it is mutated. */
final class FuzzInput {
  private static final String HOST = "Host: localhost\r\n";

  static final List<String> REQUEST_BITS =
      List.of(
          "\r\n",
          "\n",
          "\r",
          " ",
          "\t",
          ":",
          ";",
          ",",
          "0",
          "1",
          "f",
          "-",
          "+",
          "\u0000",
          "\u007f",
          "\u00e9",
          "\u000b",
          "\"",
          "chunked",
          "Content-Length: 3\r\n",
          "Content-Length: 0\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding : chunked\r\n",
          "Transfer-Encoding: identity\r\n",
          "Connection: close\r\n",
          "Connection: keep-alive, x\r\n",
          "Expect: 100-continue\r\n",
          "Host: b\r\n",
          "HTTP/1.0",
          "HTTP/1.1",
          "gzip, chunked",
          "x: y\r\n",
          " z\r\n",
          "0\r\n\r\n",
          "5\r\nhello\r\n",
          "fffffffffffffffff\r\n",
          "%2e%2e/",
          "/../",
          "#",
          "HEAD",
          "OPTIONS",
          "http://localhost");

  static final List<String> RESPONSE_BITS =
      List.of(
          "\r\n",
          "\n",
          "\r",
          " ",
          "\t",
          ":",
          ";",
          ",",
          "0",
          "1",
          "f",
          "-",
          "\u0000",
          "\u00e9",
          "chunked",
          "Content-Length: 3\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Connection: close\r\n",
          "HTTP/1.0",
          "HTTP/1.1 100 Continue\r\n\r\n",
          "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
          "204",
          "304",
          "gzip, chunked",
          "x: y\r\n",
          " z\r\n",
          "0\r\n\r\n",
          "5\r\nhello\r\n",
          "fffffffffffffffff\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");

  /** So many seeds at the beginning are good. */
  private static final int GOOD = 11;

  private FuzzInput() {}

  private static String post(String fields, String body) {
    return "POST /p HTTP/1.1\r\n" + HOST + fields + "\r\n" + body;
  }

  /** Good requests, and known ways to smuggle one past an intermediary. */
  static List<String> requests() {
    String smuggled = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";
    List<String> seeds = new ArrayList<>();
    seeds.add("GET / HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("HEAD /h HTTP/1.1\r\n" + HOST + "Accept: */*\r\n\r\n");
    seeds.add("OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("DELETE /a/./b/../c?x=|{} HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add(post("Content-Length: 5\r\n", "hello"));
    seeds.add(post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"));
    seeds.add(post("Transfer-Encoding: chunked\r\n", "3;a=b\r\nabc\r\n0\r\nX: t\r\n\r\n"));
    seeds.add(post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"));
    seeds.add("GET /1 HTTP/1.1\r\n" + HOST + "\r\nGET /2 HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add(post("Content-Length: 2\r\n", "hi") + post("Content-Length: 2\r\n", "ho"));
    seeds.add("GET / HTTP/1.0\r\n" + HOST + "Connection: keep-alive\r\n\r\n");
    seeds.add("GET http://localhost/a HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("TRACE / HTTP/1.1\r\n" + HOST + "Max-Forwards: 0\r\n\r\n");
    // CL.TE, TE.CL, TE.TE
    String both = "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n";
    seeds.add(post(both, "0\r\n\r\n" + smuggled));
    String shortFirst = "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n";
    seeds.add(post(shortFirst, "5c\r\n" + smuggled + "\r\n0\r\n\r\n"));
    for (String coding :
        List.of(
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
            "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding:\tchunked",
            " Transfer-Encoding: chunked",
            "X: y\r\n Transfer-Encoding: chunked",
            "X: y\nTransfer-Encoding: chunked",
            "X: y\rTransfer-Encoding: chunked",
            "Transfer-Encoding\n: chunked",
            "Transfer-Encoding: \u000bchunked",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: chunked;x=y",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: Chunked",
            "Transfer-Encoding: chunked,",
            "Transfer-Encoding:",
            "transfer_encoding: chunked",
            "Transfer-Encoding: chunked\u0000")) {
      seeds.add(post(coding + "\r\n", "0\r\n\r\n" + smuggled));
      seeds.add(post("Content-Length: 5\r\n" + coding + "\r\n", "0\r\n\r\n" + smuggled));
    }
    for (String length :
        List.of(
            "5\r\nContent-Length: 6",
            "5, 5",
            "5\r\nContent-Length: 5",
            "+5",
            "-5",
            "0x5",
            "5 ",
            "5 5",
            "",
            "99999999999999999999",
            "05",
            "5.0",
            "5;",
            "\u0665")) {
      seeds.add(post("Content-Length: " + length + "\r\n", "hello" + smuggled));
    }
    for (String size :
        List.of(
            "5;",
            "5;x",
            "5 ",
            "5\n",
            "0x5",
            "+5",
            "-5",
            "5\r",
            "00000000000000005",
            "100000000000000005",
            "fffffffffffffff5",
            "5;\nGET /x",
            "5;\"\r\n\"",
            " 5",
            "",
            "5\u0000")) {
      seeds.add(post("Transfer-Encoding: chunked\r\n", size + "\r\nhello\r\n0\r\n\r\n" + smuggled));
    }
    seeds.add(post("Transfer-Encoding: chunked\r\n", "5\r\nhelloX\r\n0\r\n\r\n"));
    seeds.add(post("Transfer-Encoding: chunked\r\n", "5\r\nhello0\r\n\r\n"));
    seeds.add(post("Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 5\r\n\r\n"));
    seeds.add(post("Transfer-Encoding: chunked\r\n", "0\r\n X: folded\r\n\r\n"));
    seeds.add(post("Transfer-Encoding: chunked\r\n", "0\r\nX: " + "t".repeat(40_000) + "\r\n\r\n"));
    seeds.add(
        "GET / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled);
    // Hosts, targets, lines
    seeds.add("GET http://other.test/a HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("GET http://localhost/a HTTP/1.1\r\nHost: other.test\r\n\r\n");
    seeds.add("GET / HTTP/1.1\r\n\r\n");
    seeds.add("GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n");
    seeds.add("GET / HTTP/1.1\r\nHost: a@localhost\r\n\r\n");
    seeds.add("GET / HTTP/1.1\r\nHost: localhost\u0000\r\n\r\n");
    seeds.add("GET /a\u0000b HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("GET /a%00b HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("GET /../../etc HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("GET /%2e%2e/etc HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("GET /a#b HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("GET / HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(20_000) + "\r\n\r\n");
    seeds.add("GET / HTTP/1.1\r\n" + HOST + "A: b\r\n".repeat(300) + "\r\n");
    seeds.add("GET / HTTP/1.1\r\n" + HOST + "X: a\r\n\tb\r\n\r\n");
    seeds.add("GET / HTTP/1.1\r\n" + HOST + "X: a\r\n\r\n".replace("\r\n", "\n"));
    seeds.add("GET / HTTP/1.1\r" + HOST + "\r\n");
    seeds.add("GET /a HTTP/1.1\r\nGET /b HTTP/1.1\r\n" + HOST + "\r\n");
    seeds.add("GET / HTTP/1.1\r\n" + HOST + "Connection: Host, Content-Length\r\n\r\n");
    seeds.add("get / http/1.1\r\n" + HOST + "\r\n");
    seeds.add("GET / HTTP/1.1 \r\n" + HOST + "\r\n");
    seeds.add("GET / HTTP/9.9\r\n" + HOST + "\r\n");
    seeds.add("\u0016\u0003\u0001\u0002\u0000\u0001");
    seeds.add("\r\n\r\n\r\nGET / HTTP/1.1\r\n" + HOST + "\r\n");
    return List.copyOf(seeds);
  }

  static List<String> responses() {
    String ok = "HTTP/1.1 200 OK\r\n";
    return List.of(
        ok + "Content-Length: 5\r\n\r\nhello",
        ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ok + "Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: t\r\n\r\n",
        ok + "\r\nuntil the end",
        ok + "Connection: close\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\nuntil the end",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi",
        "HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n",
        ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        ok + "Content-Length: 5\r\n\r\nhello" + ok + "Content-Length: 4\r\n\r\nevil",
        ok + "Content-Length: 50\r\n\r\nshort",
        ok + "Transfer-Encoding: gzip\r\n\r\nx",
        ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        ok + "X: a\r\n b\r\nContent-Length: 0\r\n\r\n",
        ok + "X : a\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
        "\r\n" + ok + "Content-Length: 2\r\n\r\nhi",
        "HTTP/1.1 99 Low\r\n\r\n",
        "HTTP/1.1 2000 High\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "ICY 200 OK\r\n\r\nx",
        "<html>no head at all</html>",
        ok + "X: " + "a".repeat(70_000) + "\r\n\r\n",
        "");
  }

  static String mutate(List<String> seeds, List<String> bits, Random random) {
    // Mostly from good ones, which stand first, and mostly with one mutation.
    int among = random.nextInt(4) == 0 ? seeds.size() : GOOD;
    StringBuilder text = new StringBuilder(seeds.get(random.nextInt(among)));
    for (int i = random.nextBoolean() ? 1 : 1 + random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + 1 + random.nextInt(30));
      String bit = bits.get(random.nextInt(bits.size()));
      switch (random.nextInt(6)) {
        case 0, 1 -> text.insert(at, bit);
        case 2 -> text.replace(at, Math.min(text.length(), at + bit.length()), bit);
        case 3 -> text.delete(at, random.nextBoolean() ? end : Math.min(text.length(), at + 1));
        case 4 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
        default -> text.insert(at, (char) random.nextInt(256));
      }
    }
    return text.toString();
  }

  static String shown(String text) {
    StringBuilder out = new StringBuilder();
    for (char c : text.substring(0, Math.min(2000, text.length())).toCharArray()) {
      if (c == '\r') out.append("\\r");
      else if (c == '\n') out.append("\\n\n");
      else if (c < ' ' || c > '~') out.append(String.format("\\x%02x", (int) c));
      else out.append(c);
    }
    return out.toString();
  }
}
