import js from "@eslint/js";

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-undef": "off", // tsc knows which names there are
      complexity: ["error", 12],
      eqeqeq: "error",
      "max-depth": ["error", 3],
      "max-lines": ["error", 250],
      "no-alert": "error",
      "no-console": "error",
      "no-else-return": "error",
      "no-implicit-globals": "error",
      "no-misleading-character-class": ["error", { allowEscape: true }],
      "no-nested-ternary": "error",
      "no-param-reassign": "error",
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      "require-await": "error",
      // modules import each other; nothing is handed on by the window, and nothing is made from text
      "no-restricted-syntax": [
        "error",
        { selector: "AssignmentExpression[left.object.name=/^(window|globalThis|self)$/]", message: "Export it." },
        // collectstatic would put the checksum into the name twice where another import stands before it
        { selector: ":matches(ExportNamedDeclaration, ExportAllDeclaration)[source]", message: "Import, then export." },
        { selector: "AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]", message: "Use element()." },
      ],
    },
  },
  { files: ["static/js/offline/worker.js"], languageOptions: { sourceType: "script" } },
];
