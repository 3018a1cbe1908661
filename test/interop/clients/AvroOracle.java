import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/** For each line of a file (reader TAB writer): what Avro prints of both, and whether the first reads the second. */
public class AvroOracle {
  static Schema parse(String text) {
    try {
      return new Schema.Parser().parse(text);
    } catch (RuntimeException error) {
      return null;
    }
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    BufferedReader lines = new BufferedReader(new InputStreamReader(new FileInputStream(args[0]), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] pair = line.split("\t");
      Schema reader = parse(pair[0]);
      Schema writer = parse(pair[1]);
      List<String> found = new ArrayList<>();
      if (reader != null && writer != null) {
        try {
          SchemaCompatibility.SchemaCompatibilityResult result =
              SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
          for (SchemaCompatibility.Incompatibility one : result.getIncompatibilities()) {
            found.add(one.getType() + "@" + one.getLocation() + " [" + one.getMessage() + "]");
          }
        } catch (RuntimeException error) {
          // Java gives up where a field of the reader is two of the writer, by its name and by an alias.
          found.add("ambiguous");
        }
      }
      out.println((reader == null ? "-" : reader.toString()) + "\t" + (writer == null ? "-" : writer.toString()) + "\t"
          + String.join("\u0001", found));
    }
    out.flush();
  }
}
