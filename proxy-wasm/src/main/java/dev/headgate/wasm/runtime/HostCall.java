package dev.headgate.wasm.runtime;

import org.jspecify.annotations.Nullable;

/** What a host function sees of the call that it is part of. Valid until the function returns. */
public interface HostCall {
  /**
   * Returns what was given to {@link GuestInstance#call}.
   *
   * @return the object, or null
   */
  @Nullable Object exchange();

  /**
   * Copies a block of the guest's out of host memory. A handle that is not the guest's own ends the
   * call.
   *
   * @param handle the block's handle
   * @return its bytes
   */
  byte[] bytes(long handle);

  /**
   * Reads a block as UTF-8; malformed input becomes U+FFFD. A handle that is not the guest's own
   * ends the call.
   *
   * @param handle the block's handle
   * @return its text
   */
  String text(long handle);

  /**
   * Copies bytes into host memory, for the guest to read.
   *
   * @param bytes the bytes
   * @return the handle of a new block; 0 for no bytes
   */
  long store(byte[] bytes);
}
