/*
 * Headgate guest kit for C, contract version 1. Needs no library:
 *
 *   clang --target=wasm32 -Os -nostdlib -Wl,--no-entry -I kits/c guest.c -o guest.wasm
 *
 * A guest says HEADGATE_ABI once, and exports the hooks it wants:
 *
 *   HEADGATE_HOOK(on_request) {
 *     hg_header_set("X-Hello", "world");
 *     return 0;
 *   }
 *
 * A hook returns 0, or anything else after hg_error(...), which makes the call a fault. Blocks live
 * in host memory, are known by handles (0 is none), and are gone after the call.
 */
#ifndef HEADGATE_H
#define HEADGATE_H

typedef unsigned char hg_byte;
typedef unsigned int hg_size;
typedef unsigned long long hg_handle;

#define HG_ENV(name) __attribute__((import_module("extism:host/env"), import_name(#name)))
#define HG_USER(name) __attribute__((import_module("extism:host/user"), import_name(#name)))

#define HEADGATE_ABI \
  __attribute__((export_name("headgate_abi_v1"))) void headgate_abi_v1(void) {}
#define HEADGATE_HOOK(name) __attribute__((export_name(#name))) int name(void)

/* The Extism ABI. */
HG_ENV(alloc) hg_handle hg_alloc(hg_handle length);
HG_ENV(free) void hg_free(hg_handle block);
HG_ENV(length) hg_handle hg_length(hg_handle block);
HG_ENV(load_u8) unsigned hg_load8(hg_handle offset);
HG_ENV(load_u64) hg_handle hg_load64(hg_handle offset);
HG_ENV(store_u8) void hg_store8(hg_handle offset, unsigned value);
HG_ENV(store_u64) void hg_store64(hg_handle offset, hg_handle value);
HG_ENV(input_length) hg_handle hg_input_length(void);
HG_ENV(input_load_u8) unsigned hg_input_load8(hg_handle offset);
HG_ENV(input_load_u64) hg_handle hg_input_load64(hg_handle offset);
HG_ENV(output_set) void hg_output_set(hg_handle offset, hg_handle length);
HG_ENV(error_set) void hg_error_set(hg_handle message);
HG_ENV(config_get) hg_handle hg_config_get(hg_handle name);
HG_ENV(var_get) hg_handle hg_var_get(hg_handle name);
HG_ENV(var_set) void hg_var_set(hg_handle name, hg_handle value);
HG_ENV(log_debug) void hg_log_debug_block(hg_handle message);
HG_ENV(log_info) void hg_log_info_block(hg_handle message);
HG_ENV(log_warn) void hg_log_warn_block(hg_handle message);
HG_ENV(log_error) void hg_log_error_block(hg_handle message);

/* What Headgate adds. */
HG_USER(headgate_property) hg_handle hg_property_block(hg_handle name);
HG_USER(headgate_property_set) void hg_property_set_block(hg_handle name, hg_handle value);
HG_USER(headgate_header) hg_handle hg_header_block(hg_handle name);
HG_USER(headgate_header_set) void hg_header_set_block(hg_handle name, hg_handle value);
HG_USER(headgate_header_add) void hg_header_add_block(hg_handle name, hg_handle value);
HG_USER(headgate_header_remove) void hg_header_remove_block(hg_handle name);
HG_USER(headgate_attribute) hg_handle hg_attribute_block(hg_handle name);
HG_USER(headgate_attribute_set) void hg_attribute_set_block(hg_handle name, hg_handle value);
HG_USER(headgate_response_body) void hg_response_body(hg_handle body);
HG_USER(headgate_abort) void hg_abort_block(hg_handle status, hg_handle reason);
HG_USER(headgate_drop_chunk) void hg_drop_chunk(void);

static inline hg_size hg_strlen(const char *text) {
  hg_size n = 0;
  while (text[n]) n++;
  return n;
}

/* Copies bytes into host memory. */
static inline hg_handle hg_block(const void *bytes, hg_size length) {
  const hg_byte *from = (const hg_byte *)bytes;
  hg_handle block = hg_alloc(length);
  hg_size i = 0;
  for (; i + 8 <= length; i += 8) {
    hg_handle word;
    __builtin_memcpy(&word, from + i, 8);
    hg_store64(block + i, word);
  }
  for (; i < length; i++) hg_store8(block + i, from[i]);
  return block;
}

static inline hg_handle hg_text(const char *text) { return hg_block(text, hg_strlen(text)); }

/* Copies a block out of host memory, at most `most` bytes; returns how many. */
static inline hg_size hg_read(hg_handle block, void *to, hg_size most) {
  hg_size length = block ? (hg_size)hg_length(block) : 0;
  if (length > most) length = most;
  for (hg_size i = 0; i < length; i++) ((hg_byte *)to)[i] = (hg_byte)hg_load8(block + i);
  return length;
}

/* Makes a block the output of the hook. */
static inline void hg_output(hg_handle block) { hg_output_set(block, hg_length(block)); }
static inline void hg_output_text(const char *text) { hg_output(hg_text(text)); }

/* Returns 1, for a hook to return, after saying why. */
static inline int hg_error(const char *message) {
  hg_error_set(hg_text(message));
  return 1;
}

static inline hg_handle hg_config(const char *name) { return hg_config_get(hg_text(name)); }
static inline hg_handle hg_property(const char *name) { return hg_property_block(hg_text(name)); }
static inline void hg_property_set(const char *name, hg_handle value) {
  hg_property_set_block(hg_text(name), value);
}
static inline hg_handle hg_header(const char *name) { return hg_header_block(hg_text(name)); }
static inline void hg_header_set(const char *name, const char *value) {
  hg_header_set_block(hg_text(name), hg_text(value));
}
static inline void hg_header_add(const char *name, const char *value) {
  hg_header_add_block(hg_text(name), hg_text(value));
}
static inline void hg_header_remove(const char *name) { hg_header_remove_block(hg_text(name)); }
static inline hg_handle hg_attribute(const char *name) {
  return hg_attribute_block(hg_text(name));
}
static inline void hg_attribute_set(const char *name, hg_handle value) {
  hg_attribute_set_block(hg_text(name), value);
}
static inline void hg_abort(int status, const char *reason) {
  hg_abort_block((hg_handle)status, hg_text(reason));
}
static inline void hg_log_info(const char *message) { hg_log_info_block(hg_text(message)); }
static inline void hg_log_warn(const char *message) { hg_log_warn_block(hg_text(message)); }

#endif
