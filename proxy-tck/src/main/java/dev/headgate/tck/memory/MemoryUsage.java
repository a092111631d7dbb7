package dev.headgate.tck.memory;

/**
 * What an engine holds at one moment.
 *
 * @param liveContents contents that the core has taken and not released
 * @param exchangesInFlight exchanges that are neither answered to the end nor aborted
 * @param clientConnections connections of scripted clients
 * @param busyUpstreamConnections upstream connections that serve a request
 * @param idleUpstreamConnections upstream connections in the pool; no leak
 * @param waitingUpstreamRequests requests that wait for a connection
 * @param pendingTimers timers that the core set, and that have neither run nor been cancelled
 * @param queuedTasks tasks of the dispatcher, the running one among them
 * @param blockingTasks tasks of the blocking executor
 * @param listeners open listeners
 */
public record MemoryUsage(
    int liveContents,
    int exchangesInFlight,
    int clientConnections,
    int busyUpstreamConnections,
    int idleUpstreamConnections,
    int waitingUpstreamRequests,
    int pendingTimers,
    int queuedTasks,
    int blockingTasks,
    int listeners) {}
