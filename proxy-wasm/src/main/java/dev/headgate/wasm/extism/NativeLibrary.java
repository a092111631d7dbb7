package dev.headgate.wasm.extism;

import java.io.Serial;
import java.util.List;

/**
 * What is used of libextism, so that all around it can be tried where it is not installed.
 * Functions of the host are called on the thread of the call that they are part of.
 */
interface NativeLibrary {
  /** The library refused a module. */
  final class Refused extends Exception {
    @Serial private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /** What a function gives back. */
  enum Result {
    NONE,
    I32,
    I64
  }

  /**
   * A function of the host, which takes the place of the library's own of the same name.
   *
   * @param parameters how many there are, all of them i64
   */
  record Function(String module, String name, int parameters, Result result, Body body) {}

  /** What a function does. What it throws would be lost in the native code: it must not. */
  interface Body {
    long call(Memory memory, long[] arguments);
  }

  /** The memory that guest and host share, during a call of a function. */
  interface Memory {
    /** Returns how long a block is; 0 when there is none. */
    int length(long handle);

    /** Copies a block, which must be there. */
    byte[] read(long handle);

    /** Makes a block; 0 when there is no room. */
    long store(byte[] bytes);
  }

  /** An instance of a module in the library. For one thread at a time, but for {@link #cancel}. */
  interface Plugin {
    /** Calls an export; what is not 0 is an error. */
    int call(String export, byte[] input);

    /** Returns what the last call that ended with an error says. */
    String error();

    int outputLength();

    byte[] output();

    /** Ends the call under way, soon. */
    void cancel();

    /** Frees the instance and its functions. Must be called once, and not during a call. */
    void free();
  }

  /** Returns the version of the library. */
  String version();

  /**
   * Makes an instance.
   *
   * @param manifest the manifest, as JSON
   * @param functions functions of the host, made anew for this instance, which frees them
   * @param fuel what each call may use
   * @throws Refused with the library's message
   */
  Plugin open(byte[] manifest, List<Function> functions, long fuel) throws Refused;
}
