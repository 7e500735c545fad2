package terrane.sim.mutation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;

/// Loads everything of ours anew, one class of it mutated.
final class MutatedClasses extends ClassLoader {
    private static final String OURS = "terrane.";

    private final Mutation mutation;
    private int replaced;

    MutatedClasses(Mutation mutation) {
        super(MutatedClasses.class.getClassLoader());
        this.mutation = mutation;
    }

    /// How many calls were replaced so far.
    int replaced() {
        return replaced;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            byte[] used = name.equals(mutation.type()) ? mutated(bytes) : bytes;
            return defineClass(name, used, 0, used.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] mutated(byte[] bytes) {
        var classes = ClassFile.of();
        return classes.transformClass(
                classes.parse(bytes),
                ClassTransform.transformingMethodBodies(
                        method -> isTheMethod(method.methodName().stringValue()),
                        CodeTransform.ofStateful(() -> this::element)));
    }

    /// Lambdas count as part of their method.
    private boolean isTheMethod(String name) {
        return name.equals(mutation.method())
                || name.startsWith("lambda$" + mutation.method() + "$");
    }

    private void element(CodeBuilder builder, CodeElement element) {
        if (element instanceof InvokeInstruction invoke && isTheCall(invoke)) {
            replaced++;
            replace(builder, invoke);
        } else {
            builder.with(element);
        }
    }

    private boolean isTheCall(InvokeInstruction invoke) {
        var owner = invoke.owner().asInternalName();
        var type = owner.substring(owner.lastIndexOf('/') + 1);
        return mutation.call().equals(type + "." + invoke.name().stringValue());
    }

    private void replace(CodeBuilder builder, InvokeInstruction invoke) {
        switch (mutation.replacement()) {
            case Replacement.True _ -> drop(builder, invoke).iconst_1();
            case Replacement.False _ -> drop(builder, invoke).iconst_0();
            case Replacement.Nothing _ -> drop(builder, invoke);
            case Replacement.By by -> substitute(builder, invoke, by);
        }
    }

    private static boolean isStatic(InvokeInstruction invoke) {
        return invoke.opcode() == Opcode.INVOKESTATIC;
    }

    private static CodeBuilder drop(CodeBuilder builder, InvokeInstruction invoke) {
        var parameters = invoke.typeSymbol().parameterList();
        for (int i = parameters.size() - 1; i >= 0; i--) {
            if (TypeKind.from(parameters.get(i)).slotSize() == 2) {
                builder.pop2();
            } else {
                builder.pop();
            }
        }
        return isStatic(invoke) ? builder : builder.pop(); // the receiver
    }

    private static void substitute(
            CodeBuilder builder, InvokeInstruction invoke, Replacement.By by) {
        var parameters = new ArrayList<ClassDesc>();
        if (!isStatic(invoke)) {
            parameters.add(ConstantDescs.CD_Object);
        }
        invoke.typeSymbol()
                .parameterList()
                .forEach(type -> parameters.add(ConstantDescs.CD_Object));
        if (by.withThis()) {
            builder.aload(0);
            parameters.add(ConstantDescs.CD_Object);
        }
        builder.invokestatic(
                ClassDesc.of(Substitutes.class.getName()),
                by.substitute(),
                MethodTypeDesc.of(ConstantDescs.CD_Object, parameters));
        builder.checkcast(invoke.typeSymbol().returnType());
    }
}
