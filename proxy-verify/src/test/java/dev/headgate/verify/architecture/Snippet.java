package dev.headgate.verify.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Source files that are compiled to be held against a rule. */
record Snippet(List<String> files) {
  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|interface|enum|record) (\\w+)[ <(]");

  static Snippet of(String... files) {
    return new Snippet(List.of(files));
  }

  /** Compiles into the directory, against the class path of this test, and imports the classes. */
  JavaClasses compile(Path directory) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) throw new IllegalStateException("tests need a JDK, not a JRE");
    StringWriter output = new StringWriter();
    List<String> options =
        List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path"));
    List<Source> sources = files.stream().map(Source::new).toList();
    if (!compiler.getTask(output, null, null, options, null, sources).call()) {
      throw new IllegalArgumentException(output.toString());
    }
    return new ClassFileImporter().importPath(directory);
  }

  private static String name(String text) {
    if (text.startsWith("module ")) return "module-info";
    Matcher type = TYPE.matcher(text);
    return type.find() ? type.group(1) : "package-info";
  }

  /** A file that exists in memory only. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("snippet:///" + name(text) + ".java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
