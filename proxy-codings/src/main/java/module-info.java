/**
 * The content codings br and zstd, by native libraries. Being on the path is all it takes: they are
 * found by {@code ServiceLoader}.
 *
 * <p>Start with {@link dev.headgate.codings.BrotliCoding} and {@link
 * dev.headgate.codings.ZstdCoding}.
 */
module dev.headgate.codings {
  requires com.aayushatharva.brotli4j;
  requires com.github.luben.zstd_jni;
  requires transitive dev.headgate.core;
  requires static org.jspecify;

  exports dev.headgate.codings;

  provides dev.headgate.core.coding.ContentCoding with
      dev.headgate.codings.BrotliCoding,
      dev.headgate.codings.ZstdCoding;
}
