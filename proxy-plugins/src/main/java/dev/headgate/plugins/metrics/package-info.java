/**
 * Counts what passes through a proxy and reports it, session by session, to a metrics API.
 *
 * <p>Start with {@link dev.headgate.plugins.metrics.MetricsSyncPlugin}; what an application counts
 * itself goes into a {@link dev.headgate.plugins.metrics.MetricsCollector}.
 *
 * <p>Inside, one {@code MetricsSession} stands for one proxy: a {@code Recorder} takes deltas off
 * the exchange threads, a {@code DeltaLog} holds them in a file that survives {@code kill -9}, a
 * {@code Syncer} sends them in batches that the API can tell apart. All three work on one serial
 * worker, so that file and sync state have one thread at a time. These types know nothing of
 * routing, of bodies or of the engine, and nothing of other plugins.
 */
@NullMarked
package dev.headgate.plugins.metrics;

import org.jspecify.annotations.NullMarked;
