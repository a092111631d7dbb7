/**
 * Content codings (RFC 9110 §8.4): decodes and encodes bodies while they stream, by demand and in
 * bounded memory.
 *
 * <p>Start with {@link dev.headgate.core.coding.ContentCodings}: it turns the value of a {@code
 * Content-Encoding} field into a {@link dev.headgate.core.coding.CodingChain}, which wraps a body.
 * gzip and deflate are built in; further codings arrive by {@code ServiceLoader} as {@link
 * dev.headgate.core.coding.ContentCoding}. This package knows nothing of heads, plugins or
 * exchanges: who changes a body also changes its {@code Content-Encoding}, {@code Content-Length},
 * validators and digests.
 */
@NullMarked
package dev.headgate.core.coding;

import org.jspecify.annotations.NullMarked;
