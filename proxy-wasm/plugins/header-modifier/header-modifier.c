/*
 * Changes fields in both directions. Configuration: `team` goes to the upstream as X-Team. The
 * upstream never sees X-Internal; the client never sees Server, and learns which way it came.
 */
#include "headgate.h"

HEADGATE_ABI

HEADGATE_HOOK(on_request) {
  hg_handle team = hg_config("team");
  if (team) hg_header_set_block(hg_text("X-Team"), team);
  hg_header_remove("X-Internal");
  hg_header_add("X-Passed", "header-modifier");
  return 0;
}

HEADGATE_HOOK(on_response_headers) {
  hg_header_remove("Server");
  hg_header_set("X-Served-By", "headgate");
  return 0;
}
