/**
 * One request on its way through the proxy, by the steps of {@code docs/flow.md}, whose numbers
 * stand in the code.
 *
 * <p>Start with {@link dev.headgate.core.exchange.ExchangeFactory}, which a listener hands its
 * requests to, then read {@code Exchange}, {@code RequestFlow} and {@code ResponseFlow} in this
 * order. Knows no sockets and no backend but by the SPI.
 */
@NullMarked
package dev.headgate.core.exchange;

import org.jspecify.annotations.NullMarked;
