package dev.headgate.wasm.chicory;

import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionBody;
import com.dylibso.chicory.wasm.types.Instruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Makes a module count its instructions. A mutable global, which is added behind all others, holds
 * the fuel; each function pays at its entry for its instructions outside loops, each loop at its
 * header, and so at each turn, for those inside. Who can't pay traps.
 *
 * <p>The module must have been validated before: only then does none of its own instructions name
 * the new global.
 */
final class FuelRewriter {
  private static final int CUSTOM = 0;
  private static final int GLOBAL = 6;
  private static final int CODE = 10;

  /**
   * Sections that must stand behind the globals: export, start, element, data count, code, data.
   */
  private static final List<Integer> BEHIND_GLOBALS = List.of(7, 8, 9, 12, CODE, 11);

  /** What an instruction costs that works on as many bytes or elements as it is told. */
  private static final long BULK = 1000;

  private final byte[] original;
  private final WasmModule module;
  private final int fuelGlobal;
  private final long initialFuel;

  /** A module that counts, and the index of the global with what is left. */
  @SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared
  record Metered(byte[] bytes, int fuelGlobal) {}

  private FuelRewriter(byte[] original, WasmModule module, long initialFuel) {
    this.original = original;
    this.module = module;
    this.initialFuel = initialFuel;
    this.fuelGlobal =
        module.importSection().count(ExternalType.GLOBAL) + module.globalSection().globalCount();
  }

  /**
   * Rewrites a module.
   *
   * @param original the binary module
   * @param module the same, parsed and validated
   * @param initialFuel what the start section may use
   */
  static Metered rewrite(byte[] original, WasmModule module, long initialFuel) {
    FuelRewriter rewriter = new FuelRewriter(original, module, initialFuel);
    return new Metered(rewriter.rewrite(), rewriter.fuelGlobal);
  }

  private byte[] rewrite() {
    BinaryWriter out = new BinaryWriter().writeBytes(original, 0, 8);
    BinaryReader in = new BinaryReader(original, 8);
    boolean hasGlobal = false;
    while (in.hasMore()) {
      int id = in.readByte();
      int size = in.readU32();
      int start = in.position();
      int end = start + size;
      if (!hasGlobal && (id == GLOBAL || BEHIND_GLOBALS.contains(id))) {
        out.writeSection(GLOBAL, globals(id == GLOBAL ? start : -1, end));
        hasGlobal = true;
      }
      if (id == CODE) {
        out.writeSection(CODE, code(start));
      } else if (id != GLOBAL && id != CUSTOM) {
        out.writeByte(id).writeU32(size).writeBytes(original, start, end);
      }
      in.position(end);
    }
    if (!hasGlobal) out.writeSection(GLOBAL, globals(-1, 0));
    return out.toBytes();
  }

  /** The section of the globals, with one more; {@code start} is -1 where there is none yet. */
  private byte[] globals(int start, int end) {
    BinaryWriter out = new BinaryWriter();
    if (start < 0) {
      out.writeU32(1);
    } else {
      BinaryReader in = new BinaryReader(original, start);
      out.writeU32(in.readU32() + 1).writeBytes(original, in.position(), end);
    }
    // (global (mut i64) (i64.const initialFuel))
    return out.writeByte(0x7e)
        .writeByte(1)
        .writeByte(0x42)
        .writeS64(initialFuel)
        .writeByte(0x0b)
        .toBytes();
  }

  private byte[] code(int start) {
    BinaryReader in = new BinaryReader(original, start);
    int count = in.readU32();
    BinaryWriter out = new BinaryWriter().writeU32(count);
    for (int i = 0; i < count; i++) {
      int size = in.readU32();
      int bodyStart = in.position();
      byte[] body = body(module.codeSection().functionBodies()[i], bodyStart, bodyStart + size);
      out.writeU32(body.length).writeAll(body);
      in.position(bodyStart + size);
    }
    return out.toBytes();
  }

  /** A stretch of code that is paid for at once, and where. */
  private static final class Stretch {
    private final int address;
    private long cost;

    Stretch(int address) {
      this.address = address;
    }
  }

  private byte[] body(FunctionBody function, int start, int end) {
    BinaryWriter out = new BinaryWriter();
    int copied = start;
    for (Stretch stretch : stretches(function)) {
      out.writeBytes(original, copied, stretch.address);
      charge(stretch.cost, out);
      copied = stretch.address;
    }
    return out.writeBytes(original, copied, end).toBytes();
  }

  /** Returns the stretches of a function in the order of their addresses. */
  private static List<Stretch> stretches(FunctionBody function) {
    List<? extends Instruction> instructions = function.instructions();
    List<Stretch> all = new ArrayList<>();
    Deque<Stretch> open = new ArrayDeque<>();
    Stretch entry = new Stretch(instructions.get(0).address());
    all.add(entry);
    open.push(entry);
    for (int i = 0; i < instructions.size(); i++) {
      Stretch current = open.element();
      current.cost += cost(instructions.get(i));
      switch (instructions.get(i).opcode()) {
        case LOOP -> {
          Stretch loop = new Stretch(instructions.get(i + 1).address());
          all.add(loop);
          open.push(loop);
        }
        case BLOCK, IF, TRY_TABLE -> open.push(current);
        case END -> open.pop();
        default -> {}
      }
    }
    return all;
  }

  private static long cost(Instruction instruction) {
    return switch (instruction.opcode()) {
      case MEMORY_COPY,
          MEMORY_FILL,
          MEMORY_INIT,
          MEMORY_GROW,
          TABLE_COPY,
          TABLE_FILL,
          TABLE_INIT,
          TABLE_GROW ->
          BULK;
      default -> 1;
    };
  }

  /** Takes the cost from the fuel, and traps if there was not enough. */
  private void charge(long cost, BinaryWriter out) {
    out.writeByte(0x23).writeU32(fuelGlobal); // global.get
    out.writeByte(0x42).writeS64(cost); // i64.const
    out.writeByte(0x7d); // i64.sub
    out.writeByte(0x24).writeU32(fuelGlobal); // global.set
    out.writeByte(0x23).writeU32(fuelGlobal); // global.get
    out.writeByte(0x42).writeS64(0); // i64.const
    out.writeByte(0x53); // i64.lt_s
    out.writeByte(0x04).writeByte(0x40); // if
    out.writeByte(0x00); // unreachable
    out.writeByte(0x0b); // end
  }
}
