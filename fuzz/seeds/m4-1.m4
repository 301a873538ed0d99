dnl comment
AC_DEFUN([ax_X], [m4_if([$1], [], [x=`grep -rls "#{4}" $srcdir/`])
AC_CONFIG_COMMANDS([x], [eval $ax | $SHELL], [ax="$ax"])dnl
])# ax_X
