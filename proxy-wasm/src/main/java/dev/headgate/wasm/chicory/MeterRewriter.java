package dev.headgate.wasm.chicory;

import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import dev.headgate.wasm.runtime.WasmLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a module count its instructions and its nested calls. Two mutable globals, which are added
 * behind all others, hold what is left of both: each function pays at its entry for its
 * instructions outside loops, each loop at its header, and so at each turn, for those inside; and
 * each function that calls others takes one level at its entry, and gives it back when it is left.
 * Who can't pay traps.
 *
 * <p>The module must have been validated before: only then does none of its own instructions name
 * the new globals.
 */
final class MeterRewriter {
  private static final int CUSTOM = 0;
  private static final int TYPE = 1;
  private static final int GLOBAL = 6;
  private static final int CODE = 10;

  /**
   * Sections that must stand behind the globals: export, start, element, data count, code, data.
   */
  private static final List<Integer> BEHIND_GLOBALS = List.of(7, 8, 9, 12, CODE, 11);

  /** Types whose name in the binary format is one byte, which may stand for a block's type. */
  private static final Map<ValType, Integer> NUMBERS =
      Map.of(ValType.I32, 0x7f, ValType.I64, 0x7e, ValType.F32, 0x7d, ValType.F64, 0x7c);

  private static final byte[] NO_RESULT = {0x40};

  private final byte[] original;
  private final WasmModule module;
  private final WasmLimits limits;
  private final int fuelGlobal;

  /** What functions return that no short block type can say: each needs a type of its own. */
  private final List<List<ValType>> addedTypes = new ArrayList<>();

  /** A module that counts, and the indices of the globals with what is left. */
  @SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared
  record Metered(byte[] bytes, int fuelGlobal, int depthGlobal) {}

  private MeterRewriter(byte[] original, WasmModule module, WasmLimits limits) {
    this.original = original;
    this.module = module;
    this.limits = limits;
    this.fuelGlobal =
        module.importSection().count(ExternalType.GLOBAL) + module.globalSection().globalCount();
    for (int i = 0; i < module.functionSection().functionCount(); i++) {
      List<ValType> results = results(i);
      if (!isShort(results) && !addedTypes.contains(results)) addedTypes.add(results);
    }
  }

  /**
   * Rewrites a module.
   *
   * @param original the binary module
   * @param module the same, parsed and validated
   * @param limits what the start section may use
   */
  static Metered rewrite(byte[] original, WasmModule module, WasmLimits limits) {
    MeterRewriter rewriter = new MeterRewriter(original, module, limits);
    return new Metered(rewriter.rewrite(), rewriter.fuelGlobal, rewriter.fuelGlobal + 1);
  }

  private byte[] rewrite() {
    BinaryWriter out = new BinaryWriter().writeBytes(original, 0, 8);
    BinaryReader in = new BinaryReader(original, 8);
    boolean hasGlobals = false;
    while (in.hasMore()) {
      int id = in.readByte();
      int size = in.readU32();
      int start = in.position();
      int end = start + size;
      if (!hasGlobals && (id == GLOBAL || BEHIND_GLOBALS.contains(id))) {
        out.writeSection(GLOBAL, globals(id == GLOBAL ? start : -1, end));
        hasGlobals = true;
      }
      switch (id) {
        case TYPE -> out.writeSection(TYPE, types(start, end));
        case CODE -> out.writeSection(CODE, code(start));
        case GLOBAL, CUSTOM -> {}
        default -> out.writeByte(id).writeU32(size).writeBytes(original, start, end);
      }
      in.position(end);
    }
    if (!hasGlobals) out.writeSection(GLOBAL, globals(-1, 0));
    return out.toBytes();
  }

  /** The section of the types, with those that blocks need. */
  private byte[] types(int start, int end) {
    BinaryReader in = new BinaryReader(original, start);
    BinaryWriter out = new BinaryWriter();
    out.writeU32(in.readU32() + addedTypes.size()).writeBytes(original, in.position(), end);
    for (List<ValType> results : addedTypes) {
      out.writeByte(0x60).writeU32(0).writeU32(results.size());
      for (ValType result : results) {
        Integer number = NUMBERS.get(result);
        if (number != null) {
          out.writeByte(number);
        } else if (result.equals(ValType.V128)) {
          out.writeByte(0x7b);
        } else {
          out.writeByte(result.opcode()).writeS64(result.typeIdx()); // (ref null? heap-type)
        }
      }
    }
    return out.toBytes();
  }

  /** The section of the globals, with two more; {@code start} is -1 where there is none yet. */
  private byte[] globals(int start, int end) {
    BinaryWriter out = new BinaryWriter();
    if (start < 0) {
      out.writeU32(2);
    } else {
      BinaryReader in = new BinaryReader(original, start);
      out.writeU32(in.readU32() + 2).writeBytes(original, in.position(), end);
    }
    // (global (mut i64) (i64.const fuel)) (global (mut i32) (i32.const depth))
    out.writeByte(0x7e).writeByte(1).writeByte(0x42).writeS64(limits.fuel()).writeByte(0x0b);
    out.writeByte(0x7f).writeByte(1).writeByte(0x41).writeS64(limits.callDepth()).writeByte(0x0b);
    return out.toBytes();
  }

  private byte[] code(int start) {
    BinaryReader in = new BinaryReader(original, start);
    int count = in.readU32();
    BinaryWriter out = new BinaryWriter().writeU32(count);
    MeteredBody bodies =
        new MeteredBody(original, fuelGlobal, module.importSection().count(ExternalType.FUNCTION));
    for (int i = 0; i < count; i++) {
      int size = in.readU32();
      int end = in.position() + size;
      byte[] body =
          bodies.rewrite(
              module.codeSection().functionBodies()[i], blockType(results(i)), in.position(), end);
      out.writeU32(body.length).writeAll(body);
      in.position(end);
    }
    return out.toBytes();
  }

  private List<ValType> results(int function) {
    int type = module.functionSection().getFunctionType(function);
    FunctionType found = module.typeSection().getSubType(type).compType().funcType();
    return found.returns();
  }

  private static boolean isShort(List<ValType> results) {
    return results.isEmpty() || (results.size() == 1 && NUMBERS.containsKey(results.get(0)));
  }

  /** The type of a block without parameters, in the binary format. */
  private byte[] blockType(List<ValType> results) {
    if (results.isEmpty()) return NO_RESULT;
    BinaryWriter out = new BinaryWriter();
    Integer number = results.size() == 1 ? NUMBERS.get(results.get(0)) : null;
    if (number != null) return out.writeByte(number).toBytes();
    int added = module.typeSection().subTypeCount() + addedTypes.indexOf(results);
    return out.writeS64(added).toBytes();
  }
}
