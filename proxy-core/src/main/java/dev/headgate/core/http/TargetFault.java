package dev.headgate.core.http;

/** Why a target is refused; the texts are for the client and never quote it. */
enum TargetFault {
  EMPTY("the request target is empty"),
  FORM(
      "the request target must be a path, an http or https URI, '*' for OPTIONS"
          + " or host:port for CONNECT"),
  FORM_H2("the :path of an HTTP/2 request must begin with '/', or be '*' for OPTIONS"),
  CONNECT_PORT("the target of a CONNECT request must be host:port"),
  USERINFO("the authority must not have a user name"),
  AUTHORITY("the host must be a name or an address, with a port of 1 to 65535 where there is one"),
  HOST_MISSING("the Host field is missing"),
  HOST_TWICE("the Host field must not come twice"),
  FRAGMENT("the request target must not have a fragment"),
  NOT_ABSOLUTE("the path must begin with '/'"),
  ILLEGAL("the path has a character that must be percent-encoded"),
  ESCAPE("the path has a '%' that two hexadecimal digits do not follow"),
  CONTROL("the path must not have a percent-encoded control character"),
  OVERLONG("the path must not have an overlong percent-encoded UTF-8 sequence"),
  ABOVE_ROOT("the path must not climb above its root"),
  HIDDEN_DOTS(
      "the path must not have a dot segment with parameters or next to an encoded separator"),
  QUERY("the query must not have a space, a control character, '#' or a character beyond ASCII");

  private final String detail;

  TargetFault(String detail) {
    this.detail = detail;
  }

  String detail() {
    return detail;
  }

  BadTargetException exception() {
    return new BadTargetException(detail);
  }
}
