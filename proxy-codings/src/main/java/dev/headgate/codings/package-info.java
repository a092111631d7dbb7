/**
 * The content codings br (RFC 7932) and zstd (RFC 8878), by native libraries.
 *
 * <p>Start with {@link dev.headgate.codings.BrotliCoding} and {@link
 * dev.headgate.codings.ZstdCoding}; usually nobody names them, since {@link
 * dev.headgate.core.coding.ContentCodings#installed()} finds them. Where a native library can't be
 * loaded, its coding is missing there and all else works. The codecs know buffers only: streaming,
 * demand and ownership are the core's.
 */
@NullMarked
package dev.headgate.codings;

import org.jspecify.annotations.NullMarked;
