package dev.headgate.examples.embeddedinapp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The application's own HTTP server, as it was before any proxy: it knows orders. */
final class ShopServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  private ShopServer(HttpServer server) {
    this.server = server;
  }

  static ShopServer start() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ShopServer shop = new ShopServer(HttpServer.create(anyPort, 0));
    shop.server.createContext("/orders", ShopServer::orders);
    shop.server.setExecutor(shop.threads);
    shop.server.start();
    return shop;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void orders(HttpExchange exchange) throws IOException {
    try (exchange) {
      String agent = exchange.getRequestHeaders().getFirst("X-Shop-Client");
      byte[] json =
          ("{\"orders\":[7,11],\"askedBy\":\"" + agent + "\"}").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, json.length);
      exchange.getResponseBody().write(json);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
