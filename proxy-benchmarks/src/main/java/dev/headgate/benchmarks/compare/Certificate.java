package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate for the loopback address, made by OpenSSL; load generators don't look at it. */
final class Certificate {
  private static final String FILE = "certificate.pem";

  private Certificate() {}

  /** Returns a file with the key and the certificate, made if it is not there yet. */
  static Path in(Path directory) throws IOException, InterruptedException {
    Path file = directory.resolve(FILE).toAbsolutePath();
    if (Files.exists(file)) return file;
    List<String> command =
        List.of(
            Tools.get("openssl").toString(),
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "7",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-keyout",
            file.toString(),
            "-out",
            file + ".crt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("openssl.log").toFile())
            .start();
    if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("openssl made no certificate");
    }
    String both = Files.readString(file) + Files.readString(Path.of(file + ".crt"));
    Files.writeString(file, both);
    return file;
  }
}
