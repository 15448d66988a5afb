import type * as TypeScript from 'typescript';
import { ConfigError } from '../errors';

type Ts = typeof TypeScript;

/**
 * What TypeScript's CommonJS output lacks: `import.meta.url|dirname|filename` become their CommonJS equivalents,
 * `import(x)` becomes `module.dynamicImport(x)` (the module loader's own, which knows TypeScript files), and top-level
 * await is refused. `where` names a node as `file:line:col`.
 *
 * @throws ConfigError for top-level await and for other properties of `import.meta`
 */
export function commonJsTransformer(
  ts: Ts,
  where: (source: TypeScript.SourceFile, node: TypeScript.Node) => string,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => (source) => {
    const { factory } = context;

    const visitAtTop = (node: TypeScript.Node): TypeScript.Node => {
      if (isTopLevelAwait(ts, node)) {
        throw new ConfigError(
          `${where(source, node)}: top-level await is not supported here; await inside a function, or in a tap of the start hook`,
        );
      }
      return visit(node, ts.isFunctionLike(node) ? visitInside : visitAtTop);
    };
    const visitInside = (node: TypeScript.Node): TypeScript.Node => visit(node, visitInside);

    const visit = (node: TypeScript.Node, next: TypeScript.Visitor): TypeScript.Node => {
      if (ts.isPropertyAccessExpression(node) && isImportMeta(ts, node.expression)) {
        return importMeta(node);
      }
      if (isImportMeta(ts, node)) {
        throw new ConfigError(
          `${where(source, node)}: only import.meta.url, dirname and filename are supported`,
        );
      }
      const visited = ts.visitEachChild(node, next, context);
      return ts.isCallExpression(visited) && visited.expression.kind === ts.SyntaxKind.ImportKeyword
        ? factory.createCallExpression(member('module', 'dynamicImport'), undefined, visited.arguments)
        : visited;
    };

    const importMeta = (node: TypeScript.PropertyAccessExpression): TypeScript.Node => {
      const name = node.name.text;
      if (name === 'filename') return factory.createIdentifier('__filename');
      if (name === 'dirname') return factory.createIdentifier('__dirname');
      if (name === 'url') return member('module', 'url');
      throw new ConfigError(
        `${where(source, node)}: import.meta.${name} is not supported here; url, dirname and filename are`,
      );
    };
    const member = (object: string, name: string) =>
      factory.createPropertyAccessExpression(factory.createIdentifier(object), name);

    return ts.visitEachChild(source, visitAtTop, context);
  };
}

function isImportMeta(ts: Ts, node: TypeScript.Node): boolean {
  return ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;
}

function isTopLevelAwait(ts: Ts, node: TypeScript.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  if (ts.isForOfStatement(node)) return node.awaitModifier !== undefined;
  return (
    ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing
  );
}
