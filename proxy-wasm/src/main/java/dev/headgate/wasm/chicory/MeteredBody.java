package dev.headgate.wasm.chicory;

import com.dylibso.chicory.wasm.types.FunctionBody;
import com.dylibso.chicory.wasm.types.Instruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Rewrites bodies of functions, so that they count: see {@link MeterRewriter}.
 *
 * <p>A function that calls others becomes one block with the whole of its body, and what gives the
 * level back stands behind that block. So each branch to the function's own label leads there, with
 * the same index as before; a {@code return} becomes such a branch; and a tail call, which leaves
 * the function too, gives the level back first.
 */
final class MeteredBody {
  private static final int UNREACHABLE = 0x00;
  private static final int BLOCK = 0x02;
  private static final int IF = 0x04;
  private static final int END = 0x0b;
  private static final int BR = 0x0c;
  private static final int GLOBAL_GET = 0x23;
  private static final int GLOBAL_SET = 0x24;
  private static final int I32_CONST = 0x41;
  private static final int I64_CONST = 0x42;
  private static final int I32_LT_S = 0x48;
  private static final int I64_LT_S = 0x53;
  private static final int I32_ADD = 0x6a;
  private static final int I32_SUB = 0x6b;
  private static final int I64_SUB = 0x7d;
  private static final int NO_RESULT = 0x40;

  /** What an instruction costs that works on as many bytes or elements as it is told. */
  private static final long BULK = 1000;

  private final byte[] original;
  private final int fuelGlobal;
  private final int depthGlobal;
  private final int importedFunctions;

  /**
   * Prepares for the bodies of a module.
   *
   * @param original the binary module
   * @param fuelGlobal the index of the global with the fuel; the one behind it has the depth
   * @param importedFunctions how many functions are the host's, which come first
   */
  MeteredBody(byte[] original, int fuelGlobal, int importedFunctions) {
    this.original = original;
    this.fuelGlobal = fuelGlobal;
    this.depthGlobal = fuelGlobal + 1;
    this.importedFunctions = importedFunctions;
  }

  /** Something to be done before an instruction. */
  private sealed interface Edit {
    int address();
  }

  /** A stretch of code that is paid for at once, and where. */
  private static final class Stretch implements Edit {
    private final int address;
    private long cost;

    Stretch(int address) {
      this.address = address;
    }

    @Override
    public int address() {
      return address;
    }
  }

  /** A return, and in how many blocks it stands. */
  private record Return(int address, int nesting) implements Edit {}

  private record TailCall(int address) implements Edit {}

  /**
   * Rewrites one body.
   *
   * @param function the function, parsed and validated
   * @param blockType the type of a block that leaves what the function returns
   * @param start where the body begins in the module, with its locals
   * @param end where it ends
   */
  byte[] rewrite(FunctionBody function, byte[] blockType, int start, int end) {
    boolean nests = function.instructions().stream().anyMatch(this::callsGuest);
    BinaryWriter out = new BinaryWriter();
    int copied = start;
    boolean entry = true;
    for (Edit edit : edits(function)) {
      out.writeBytes(original, copied, edit.address());
      copied = edit.address();
      if (edit instanceof Stretch stretch) {
        charge(stretch.cost, out);
        if (entry && nests) {
          enter(out);
          out.writeByte(BLOCK).writeAll(blockType);
        }
        entry = false;
      } else if (nests && edit instanceof Return leaving) {
        out.writeByte(BR).writeU32(leaving.nesting);
        copied++;
      } else if (nests && edit instanceof TailCall) {
        leave(out);
      }
    }
    out.writeBytes(original, copied, end);
    if (nests) {
      leave(out);
      out.writeByte(END);
    }
    return out.toBytes();
  }

  /** Returns whether an instruction may run another function of the guest's. */
  private boolean callsGuest(Instruction instruction) {
    return switch (instruction.opcode()) {
      case CALL, RETURN_CALL -> instruction.operand(0) >= importedFunctions;
      case CALL_INDIRECT, CALL_REF, RETURN_CALL_INDIRECT, RETURN_CALL_REF -> true;
      default -> false;
    };
  }

  /** Returns what is to be done, in the order of addresses; first comes the entry. */
  private static List<Edit> edits(FunctionBody function) {
    List<? extends Instruction> instructions = function.instructions();
    List<Edit> all = new ArrayList<>();
    Deque<Stretch> open = new ArrayDeque<>();
    Stretch entry = new Stretch(instructions.get(0).address());
    all.add(entry);
    open.push(entry);
    for (int i = 0; i < instructions.size(); i++) {
      Instruction instruction = instructions.get(i);
      Stretch current = open.element();
      current.cost += cost(instruction);
      switch (instruction.opcode()) {
        case LOOP -> {
          Stretch loop = new Stretch(instructions.get(i + 1).address());
          all.add(loop);
          open.push(loop);
        }
        case BLOCK, IF, TRY_TABLE -> open.push(current);
        case END -> open.pop();
        case RETURN -> all.add(new Return(instruction.address(), open.size() - 1));
        case RETURN_CALL, RETURN_CALL_INDIRECT, RETURN_CALL_REF ->
            all.add(new TailCall(instruction.address()));
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
    out.writeByte(GLOBAL_GET).writeU32(fuelGlobal);
    out.writeByte(I64_CONST).writeS64(cost);
    out.writeByte(I64_SUB);
    out.writeByte(GLOBAL_SET).writeU32(fuelGlobal);
    out.writeByte(GLOBAL_GET).writeU32(fuelGlobal);
    out.writeByte(I64_CONST).writeS64(0);
    out.writeByte(I64_LT_S);
    trapIf(out);
  }

  /** Takes a level, and traps if there was none. */
  private void enter(BinaryWriter out) {
    changeDepth(I32_SUB, out);
    out.writeByte(GLOBAL_GET).writeU32(depthGlobal);
    out.writeByte(I32_CONST).writeS64(0);
    out.writeByte(I32_LT_S);
    trapIf(out);
  }

  /** Gives the level back. */
  private void leave(BinaryWriter out) {
    changeDepth(I32_ADD, out);
  }

  private void changeDepth(int operation, BinaryWriter out) {
    out.writeByte(GLOBAL_GET).writeU32(depthGlobal);
    out.writeByte(I32_CONST).writeS64(1);
    out.writeByte(operation);
    out.writeByte(GLOBAL_SET).writeU32(depthGlobal);
  }

  private static void trapIf(BinaryWriter out) {
    out.writeByte(IF).writeByte(NO_RESULT).writeByte(UNREACHABLE).writeByte(END);
  }
}
