package dev.headgate.api.error;

/** Where in an exchange something happened, in the order in which an exchange goes through them. */
public enum Phase {
  /** The head of the request is read and checked. */
  RECEIVE_REQUEST,
  /** Plugins see the request's head. */
  REQUEST_HOOKS,
  /** A route and its target are chosen. */
  ROUTE,
  /** A connection to the upstream is got from the pool, or opened. */
  CONNECT,
  /** TLS is negotiated with the upstream. */
  TLS,
  /** The request, head and body, is sent to the upstream. */
  SEND_REQUEST,
  /** The request is sent; the upstream's response head has not come yet. */
  AWAIT_RESPONSE,
  /** Plugins see the response's head. */
  RESPONSE_HOOKS,
  /** The response is passed to the client. */
  SEND_RESPONSE,
  /** A tunnel is open. */
  TUNNEL
}
