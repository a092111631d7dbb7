/*
 * Rewrites bodies as they pass, chunk by chunk: letters of ASCII become upper case, in both
 * directions. It keeps no state, so a chunk may end anywhere.
 */
#include "headgate.h"

HEADGATE_ABI

static hg_byte upper(hg_byte c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }

static int rewrite(void) {
  hg_handle length = hg_input_length();
  if (length == 0) return 0; /* no output: the chunk goes on as it is */
  hg_handle out = hg_alloc(length);
  hg_handle i = 0;
  for (; i + 8 <= length; i += 8) {
    hg_handle word = hg_input_load64(i), changed = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      changed |= (hg_handle)upper((hg_byte)(word >> shift)) << shift;
    }
    hg_store64(out + i, changed);
  }
  for (; i < length; i++) hg_store8(out + i, upper((hg_byte)hg_input_load8(i)));
  hg_output_set(out, length);
  return 0;
}

HEADGATE_HOOK(on_request_chunk) { return rewrite(); }
HEADGATE_HOOK(on_response_chunk) { return rewrite(); }
