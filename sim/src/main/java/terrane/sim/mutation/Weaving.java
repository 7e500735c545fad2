package terrane.sim.mutation;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;

/// Puts one cut into the bytes of a class, beside the original code: while its mutation is off,
/// what runs is what was there.
final class Weaving {
    private static final ClassDesc ACTIVE = ClassDesc.of(Active.class.getName());
    private static final ClassDesc SUBSTITUTES = ClassDesc.of(Substitutes.class.getName());
    private static final MethodTypeDesc ASKED =
            MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_int);

    private final int number;
    private final Cut cut;

    /// @param number of the mutation
    Weaving(int number, Cut cut) {
        this.number = number;
        this.cut = cut;
    }

    /// @throws IllegalStateException unless there are as many places as expected
    byte[] apply(byte[] bytes) {
        var classes = ClassFile.of();
        var model = classes.parse(bytes);
        int places = model.methods().stream().mapToInt(this::places).sum();
        if (places != cut.places()) {
            throw new IllegalStateException(
                    "the product has changed, so must the mutation: found=%d %s"
                            .formatted(places, cut));
        }
        return classes.transformClass(model, this::element);
    }

    private int places(MethodModel method) {
        if (!cut.isIn(method.methodName().stringValue())) {
            return 0;
        }
        return cut.isWhole()
                ? 1
                : (int) method.code().orElseThrow().elementStream().filter(this::isTheCall).count();
    }

    private boolean isTheCall(CodeElement element) {
        if (!(element instanceof InvokeInstruction invoke)) {
            return false;
        }
        var owner = invoke.owner().asInternalName();
        var type = owner.substring(Math.max(owner.lastIndexOf('/'), owner.lastIndexOf('$')) + 1);
        return cut.call().equals(type + "." + invoke.name().stringValue());
    }

    private void element(ClassBuilder builder, ClassElement element) {
        if (element instanceof MethodModel method && places(method) > 0) {
            builder.transformMethod(method, MethodTransform.transformingCode(code(method)));
        } else {
            builder.with(element);
        }
    }

    private CodeTransform code(MethodModel method) {
        boolean withThis = !method.flags().has(AccessFlag.STATIC);
        return cut.isWhole()
                ? new Whole(method)
                : (builder, element) -> {
                    if (isTheCall(element)) {
                        beside(builder, (InvokeInstruction) element, withThis);
                    } else {
                        builder.with(element);
                    }
                };
    }

    private void beside(CodeBuilder builder, InvokeInstruction invoke, boolean withThis) {
        var mutated = builder.newLabel();
        var end = builder.newLabel();
        builder.loadConstant(number).invokestatic(ACTIVE, "is", ASKED).ifne(mutated);
        builder.with(invoke).goto_(end).labelBinding(mutated);
        switch (cut.by()) {
            case Replacement.True _ -> drop(builder, invoke).iconst_1();
            case Replacement.False _ -> drop(builder, invoke).iconst_0();
            case Replacement.Nothing _ -> drop(builder, invoke);
            case Replacement.By by -> substitute(builder, invoke, by, withThis);
        }
        builder.labelBinding(end);
    }

    private static boolean isStatic(InvokeInstruction invoke) {
        return invoke.opcode() == Opcode.INVOKESTATIC;
    }

    private static CodeBuilder drop(CodeBuilder builder, InvokeInstruction invoke) {
        for (var parameter : invoke.typeSymbol().parameterList().reversed()) {
            if (TypeKind.from(parameter).slotSize() == 2) {
                builder.pop2();
            } else {
                builder.pop();
            }
        }
        return isStatic(invoke) ? builder : builder.pop(); // the receiver
    }

    private static void substitute(
            CodeBuilder builder, InvokeInstruction invoke, Replacement.By by, boolean withThis) {
        var parameters = new ArrayList<ClassDesc>();
        if (!isStatic(invoke)) {
            parameters.add(ConstantDescs.CD_Object);
        }
        parameters.addAll(general(invoke.typeSymbol().parameterList()));
        if (withThis) {
            builder.aload(0);
            parameters.add(ConstantDescs.CD_Object);
        }
        call(builder, by, parameters, invoke.typeSymbol().returnType());
    }

    /// Some of the types are not visible to [Substitutes].
    private static List<ClassDesc> general(List<ClassDesc> types) {
        return types.stream()
                .map(type -> type.isPrimitive() ? type : ConstantDescs.CD_Object)
                .toList();
    }

    private static void call(
            CodeBuilder builder, Replacement.By by, List<ClassDesc> parameters, ClassDesc result) {
        var general = general(List.of(result)).getFirst();
        builder.invokestatic(SUBSTITUTES, by.substitute(), MethodTypeDesc.of(general, parameters));
        if (!result.isPrimitive()) {
            builder.checkcast(result);
        }
    }

    /// In front of a whole method.
    private final class Whole implements CodeTransform {
        private final MethodModel method;

        Whole(MethodModel method) {
            this.method = method;
        }

        @Override
        public void atStart(CodeBuilder builder) {
            if (!(cut.by() instanceof Replacement.By by) || method.flags().has(AccessFlag.STATIC)) {
                throw new IllegalStateException("not made for that: " + cut);
            }
            var original = builder.newLabel();
            builder.loadConstant(number).invokestatic(ACTIVE, "is", ASKED).ifeq(original);
            var types = method.methodTypeSymbol();
            var parameters = new ArrayList<ClassDesc>();
            parameters.add(ConstantDescs.CD_Object);
            parameters.addAll(general(types.parameterList()));
            builder.aload(0);
            for (int i = 0; i < types.parameterCount(); i++) {
                var kind = TypeKind.from(types.parameterType(i));
                builder.loadLocal(kind, builder.parameterSlot(i));
            }
            call(builder, by, parameters, types.returnType());
            builder.return_(TypeKind.from(types.returnType())).labelBinding(original);
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            builder.with(element);
        }
    }
}
